package dev.rallypoint.store.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceFilter.Field;
import dev.rallypoint.store.account.DeviceGroupTable.DeviceGroup;
import dev.rallypoint.store.account.DeviceListTable.Column;
import dev.rallypoint.store.account.DeviceRegistrationTable.Registration;
import dev.rallypoint.store.account.DeviceRegistrationTable.Twins;
import dev.rallypoint.store.account.DeviceStateTable.Refused;
import dev.rallypoint.store.account.DeviceTable.Known;
import dev.rallypoint.store.account.ProgramTokenTable.ProgramToken;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables of devices do, on each kind of database. */
abstract class DeviceTablesContract extends DeviceTables {
  @Test
  void storesADeviceThatRegisters() {
    assertThat(register(5, device("123456789", "u"))).isFalse();
    ListedDevice found = find("123456789");
    assertThat(found.guid()).isEqualTo("guid-of-123456789");
    assertThat(found.contact()).isEqualTo(new ListedDevice.Contact("192.0.2.1", 5, 5));
    assertThat(found.state()).isEqualTo(new ListedDevice.State(true, true, Optional.empty()));
  }

  @Test
  void keepsWhatADeviceWasGivenWhenItRegistersAgain() {
    assigned("123456789", "u");
    assertThat(register(9, device("123456789", "u"))).isFalse();
    assertThat(find("123456789").given())
        .isEqualTo(
            new ListedDevice.Given(
                "Alice", "Default", "Office", "", "Desk", "", "'; drop table api_user; --"));
  }

  @Test
  void givesNothingToAnotherDeviceUnderTheId() {
    assigned("123456789", "u");
    assertThat(register(9, device("123456789", "other"))).isTrue();
    assertThat(find("123456789").given())
        .isEqualTo(new ListedDevice.Given("", "", "", "", "", "", ""));
  }

  @Test
  void givesNothingToAnotherDeviceThatTellsOfItself() {
    assigned("123456789", "u");
    assertThat(save("other")).isTrue();
    assertThat(find("123456789").given().user()).isEmpty();
    assertThat(find("123456789").facts()).isEqualTo(FACTS);
  }

  private boolean save(String uuid) {
    return call((Handle handle) ->
        DeviceTable.save(
            handle, "x", ORG, "123456789", new Known(uuid, "hash"), FACTS, "192.0.2.1", 9));
  }

  @Test
  void hidesADeletedDeviceUntilItComesBackAsANewOne() {
    assigned("123456789", "u");
    run(handle -> {
      DeviceListTable.set(handle, "guid-of-123456789", Column.ENABLED, false, 3);
      DeviceListTable.delete(handle, "guid-of-123456789", 4);
    });
    assertThat(ids(new DeviceFilter())).isEmpty();
    assertThat(call((Handle handle) -> DeviceStateTable.refused(handle, ORG, 10))).isEmpty();
    assertThat(call((Handle handle) -> DeviceTable.find(handle, "123456789"))).isEmpty();
    assertThat(call((Handle handle) -> DeviceStateTable.deletedSince(handle, ORG, 4, 10)))
        .containsExactly(new DeviceStateTable.Deleted("123456789", 4));

    assertThat(register(9, device("123456789", "u"))).isTrue();

    assertThat(find("123456789").state().isEnabled()).isTrue();
    assertThat(find("123456789").given().user()).isEmpty();
  }

  @Test
  void takesWhatADeviceWasGivenAlongToAnotherId() {
    assigned("123456789", "u");
    register(3, device("newname1", "u")); // it came before
    assertThat(rename("123456789", "newname1", "u")).isTrue();
    assertThat(find("newname1").given().user()).isEqualTo("Alice");
    assertThat(ids(new DeviceFilter())).containsExactly("newname1");
  }

  @Test
  void renamesNoDeviceOfAnotherUuidAndTakesNobodysPlace() {
    assigned("123456789", "u");
    register(3, device("newname1", "other"));
    assertThat(rename("123456789", "newname2", "other")).isFalse();
    assertThat(rename("123456789", "newname1", "u")).isFalse();
    assertThat(ids(new DeviceFilter())).containsExactly("123456789", "newname1");
  }

  private boolean rename(String from, String to, String uuid) {
    return call((Handle handle) -> DeviceRegistrationTable.rename(handle, from, to, uuid, 9));
  }

  @ParameterizedTest
  @CsvSource({
    "ID, 1234567%, 123456789",
    "ID, 123456789, 123456789",
    "ID, 12345678_, ''",
    "ID, 1234567!%, ''",
    "ID, x' or 1=1 --, ''",
    "DEVICE_NAME, desk, 123456789",
    "DEVICE_NAME, host, other_id1",
    "DEVICE_NAME, %S%, '123456789,other_id1'",
    "USER_NAME, ALICE, 123456789",
    "USER_NAME, -, other_id1",
    "GROUP_NAME, def%, 123456789",
    "DEVICE_GROUP_NAME, office, 123456789",
    "DEVICE_GROUP_NAME, offic, ''",
    "DEVICE_USERNAME, user, other_id1",
    "ID, other_id1, other_id1",
    "ID, '', '123456789,other_id1'"
  })
  void listsSomeByAText(Field field, String text, String ids) {
    assigned("123456789", "u");
    register(3, device("other_id1", "u2"));
    run(handle ->
        DeviceTable.save(
            handle, "x", ORG, "other_id1", new Known("u2", "h"), FACTS, "192.0.2.1", 9));
    DeviceFilter filter =
        new DeviceFilter().with(field, Optional.of(text), given -> given.toLowerCase(Locale.ROOT));
    assertThat(String.join(",", ids(filter))).isEqualTo(ids);
    assertThat(call((Handle handle) -> DeviceListTable.count(handle, ORG, filter)))
        .isEqualTo(ids.isEmpty() ? 0 : ids.split(",").length);
  }

  @Test
  void givesADeviceOnlyToWhomThereIs() {
    register(1, device("123456789", "u"));
    assertThat(
            call((Handle handle) ->
                DeviceListTable.setUser(handle, ORG, "guid-of-123456789", "nobody", 2)))
        .isFalse();
    assertThat(
            call((Handle handle) ->
                DeviceListTable.setGroup(handle, ORG, "guid-of-123456789", null, 2)))
        .isTrue();
  }

  @Test
  void knowsTheDevicesThatMayNotRegister() {
    register(1, device("a1", "u1"), device("a2", "u2"), device("a3", "u3"));
    run(handle -> {
      DeviceListTable.set(handle, "guid-of-a1", Column.ENABLED, false, 2);
      DeviceStateTable.insert(handle, ORG, device("a4", "u4"), false, 2);
    });
    assertThat(call((Handle handle) -> DeviceStateTable.refused(handle, ORG, 10)))
        .containsExactly(new Refused("a1", false, true), new Refused("a4", true, false));
    assertThat(call((Handle handle) -> DeviceStateTable.waitingOf(handle, ORG, "192.0.2.1")))
        .isOne();
  }

  @Test
  void keepsTheDevicesThatWaitAndCameLast() {
    for (int i = 1; i <= 4; i++) {
      Registration device = device("w" + i, "u" + i);
      long now = i;
      run(handle -> DeviceStateTable.insert(handle, ORG, device, false, now));
    }
    run(handle -> DeviceStateTable.keepWaiting(handle, ORG, 2));
    assertThat(ids(new DeviceFilter())).containsExactly("w3", "w4");
  }

  @Test
  void approvesADeviceThatWaitsOnlyOfItsUuid() {
    run(handle -> {
      DeviceStateTable.insert(handle, ORG, device("w1", "u"), false, 1);
      DeviceStateTable.insert(handle, ORG, device("w1", "other"), true, 2);
    });
    assertThat(find("w1").state().isApproved()).isFalse();
    run(handle -> DeviceStateTable.insert(handle, ORG, device("w1", "u"), true, 3));
    assertThat(find("w1").state().isApproved()).isTrue();
  }

  @Test
  void notesWhatIsOnlineAndTellsWhatIsNotStored() {
    register(1, device("a1", "u1"), device("a2", "u2"));
    assertThat(
            call((Handle handle) -> DeviceRegistrationTable.seen(handle, List.of("a1", "a9"), 7)))
        .containsExactly("a1");
    assertThat(find("a1").contact().lastOnlineAt()).isEqualTo(7);
    assertThat(find("a2").contact().lastOnlineAt()).isEqualTo(1);
  }

  @Test
  void findsIdsOfOneUuid() {
    register(1, device("a1", "same"), device("a2", "same"), device("a3", ""), device("a4", ""));
    assertThat(call((Handle handle) -> DeviceRegistrationTable.twins(handle, List.of("a1", "a3"))))
        .containsExactly(new Twins("a1", "a2"));
    run(handle -> DeviceRegistrationTable.setCloned(handle, List.of("a1"), 5));
    assertThat(find("a1").state().clonedAt()).contains(5L);
  }

  @Test
  void countsChangesOfWhoMayDoWhat() {
    long before = call((Handle handle) -> AccessEpoch.read(handle, ORG));
    run(handle -> AccessEpoch.advance(handle, ORG));
    assertThat(call((Handle handle) -> AccessEpoch.read(handle, ORG))).isEqualTo(before + 1);
    assertThat(call((Handle handle) -> AccessEpoch.read(handle, "none"))).isZero();
  }

  @Test
  void keepsDevicesOfAGroupThatIsDeleted() {
    assigned("123456789", "u");
    run(handle -> {
      DeviceGroupTable.remove(handle, ORG, "g", List.of("123456789"), 3);
      DeviceGroupTable.add(handle, ORG, "g", List.of("123456789"), 3);
    });
    assertThat(call((Handle handle) -> DeviceGroupTable.list(handle, ORG, "off%", 0, 10)))
        .containsExactly(new DeviceGroup("g", "Office", "", 1));
    run(handle -> DeviceGroupTable.delete(handle, "g"));
    assertThat(find("123456789").given().group()).isEmpty();
  }

  @Test
  void knowsATokenUntilItExpiresOrIsEnded() {
    ProgramToken token =
        new ProgramToken("t", ORG, "Rollout", "device:rw", 1, Optional.empty(), 10);
    assertThat(insert(token, "h")).isTrue();
    assertThat(insert(token, "h2")).isFalse();
    assertThat(call((Handle handle) -> ProgramTokenTable.find(handle, "h", 9))).contains(token);
    assertThat(call((Handle handle) -> ProgramTokenTable.find(handle, "h", 10))).isEmpty();
    assertThat(call((Handle handle) -> ProgramTokenTable.list(handle, ORG))).containsExactly(token);
    assertThat(call((Handle handle) -> ProgramTokenTable.delete(handle, ORG, "rollout"))).isTrue();
    assertThat(call((Handle handle) -> ProgramTokenTable.size(handle, ORG))).isZero();
  }

  private boolean insert(ProgramToken token, String hash) {
    return call((Handle handle) -> ProgramTokenTable.insert(handle, token, "rollout", hash));
  }
}
