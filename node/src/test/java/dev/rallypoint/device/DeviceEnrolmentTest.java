package dev.rallypoint.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.account.Organization;
import dev.rallypoint.config.NewIdLimits.Enrolment;
import dev.rallypoint.device.DeviceEnrolment.Answer;
import dev.rallypoint.device.DeviceEnrolment.Deployed;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.DeviceFilter;
import dev.rallypoint.store.account.ListedDevice;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which devices may have a new id. */
class DeviceEnrolmentTest {
  private static final PeerId ID = new PeerId("123456789");
  private static final PeerAddress FROM = PeerAddress.v4(0xc0000201, 4_000);
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @TempDir Path folder;
  private AccountDatabase database;
  private DeviceParts parts;
  private RefusedDevices states;
  private DeviceAdministration administration;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    parts =
        new DeviceParts(
            database, Organization.DEFAULT, now -> java.util.UUID.randomUUID().toString(), () -> 0);
    states = new RefusedDevices(parts);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private DeviceEnrolment enrolment(Enrolment mode) {
    DeviceEnrolment enrolment =
        new DeviceEnrolment(parts, states, mode, new ApiPace(new Networks(List.of())), () -> 0);
    administration =
        new DeviceAdministration(
            parts,
            states,
            enrolment,
            DeviceBooks.NONE,
            id -> CompletableFuture.completedStage(true));
    return enrolment;
  }

  private Answer judge(DeviceEnrolment enrolment, PeerId id, String uuid) {
    return done(enrolment.judge(id, ByteString.copyFromUtf8(uuid), FROM));
  }

  private <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Deployed deploy(DeviceEnrolment enrolment, String uuid) {
    return deploy(enrolment, ID.value(), base64(uuid), KEY, Optional.empty());
  }

  private Deployed deploy(
      DeviceEnrolment enrolment, String id, String uuid, String key, Optional<PeerRow> row) {
    return done(
        enrolment.deploy(id, uuid, key, "192.0.2.1", any -> CompletableFuture.completedStage(row)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private List<ListedDevice> listed() {
    return done(administration.list(new DeviceFilter(), 0, 1_000)).devices();
  }

  @Test
  void letsAnyDeviceInWhereItIsOpen() {
    DeviceEnrolment open = enrolment(Enrolment.OPEN);
    assertThat(judge(open, ID, "uuid")).isEqualTo(Answer.ADMITTED);
    assertThat(deploy(open, "uuid")).isEqualTo(Deployed.NOT_ENABLED);
    assertThat(listed()).isEmpty();
  }

  @Test
  void hasADeviceWaitUntilItIsApproved() {
    DeviceEnrolment enrolment = enrolment(Enrolment.APPROVE);
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.WAITING);
    done(states.refresh());
    assertThat(enrolment.stateOf(ID.value())).isEqualTo(DeviceStates.State.WAITING);
    assertThat(listed()).extracting(device -> device.state().isApproved()).containsExactly(false);

    done(administration.approve(new DeviceAdministration.Name.Id(ID.value())));

    assertThat(enrolment.stateOf(ID.value())).isEqualTo(DeviceStates.State.ADMITTED);
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.ADMITTED);
    assertThat(judge(enrolment, ID, "other")).isEqualTo(Answer.FOREIGN);
  }

  @Test
  void keepsAHundredDevicesOfOneIp() {
    DeviceEnrolment enrolment = enrolment(Enrolment.APPROVE);
    for (int i = 0; i < 110; i++) {
      assertThat(judge(enrolment, new PeerId("device" + i), "u" + i)).isEqualTo(Answer.WAITING);
    }
    assertThat(listed()).hasSize(100);
  }

  @Test
  void letsDeployedDevicesInOnly() {
    DeviceEnrolment enrolment = enrolment(Enrolment.DEPLOY);
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.WAITING);
    assertThat(listed()).isEmpty();
    assertThat(enrolment.stateOf(ID.value())).isEqualTo(DeviceStates.State.WAITING);

    assertThat(deploy(enrolment, "uuid")).isEqualTo(Deployed.OK);

    assertThat(enrolment.stateOf(ID.value())).isEqualTo(DeviceStates.State.ADMITTED);
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.ADMITTED);
    assertThat(deploy(enrolment, "uuid")).isEqualTo(Deployed.OK);
    assertThat(deploy(enrolment, "other")).isEqualTo(Deployed.ID_TAKEN);
  }

  @Test
  void deploysADeviceThatWaits() {
    DeviceEnrolment enrolment = enrolment(Enrolment.APPROVE);
    judge(enrolment, ID, "squatter");
    assertThat(deploy(enrolment, "uuid")).isEqualTo(Deployed.OK);
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.ADMITTED);
  }

  @Test
  void deploysNoIdThatAnotherDeviceHasRegistered() {
    PeerRow row = new PeerRow(ID, ByteString.copyFromUtf8("other"), ByteString.EMPTY, "");
    assertThat(
            deploy(enrolment(Enrolment.DEPLOY), ID.value(), base64("uuid"), KEY, Optional.of(row)))
        .isEqualTo(Deployed.ID_TAKEN);
  }

  @ParameterizedTest
  @CsvSource({
    "'', dXVpZA==, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "12345, dXVpZA==, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "123456789, '', AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "123456789, no base64, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "123456789, dXVpZA==, ''",
    "123456789, dXVpZA==, AAAA"
  })
  void deploysNothingThatIsMalformed(String id, String uuid, String key) {
    assertThat(deploy(enrolment(Enrolment.DEPLOY), id, uuid, key, Optional.empty()))
        .isEqualTo(Deployed.INVALID_INPUT);
  }

  @Test
  void letsADeletedDeviceInNoMore() {
    DeviceEnrolment enrolment = enrolment(Enrolment.DEPLOY);
    deploy(enrolment, "uuid");
    done(administration.delete(new DeviceAdministration.Name.Id(ID.value())));
    assertThat(judge(enrolment, ID, "uuid")).isEqualTo(Answer.WAITING);
  }
}
