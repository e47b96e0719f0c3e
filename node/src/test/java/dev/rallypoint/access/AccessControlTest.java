package dev.rallypoint.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.AccessMode;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.access.Verdict.Reason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.AccountDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.jcajce.provider.digest.SHA256;
import org.bouncycastle.util.encoders.Hex;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The control of a node, which looks at the database when the test says so. */
class AccessControlTest {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final String USER = "01890000-0000-7000-8000-00000000000a";
  private static final String TOKEN = "01890000-0000-7000-8000-00000000000b";
  private static final PeerId DEVICE = new PeerId("123456789");
  private static final PeerAddress HERE = PeerAddress.v4(0xC0000207, 1000);
  private static final String SECRET = "rpc_secret";

  @TempDir Path folder;
  private final AtomicLong ticker = new AtomicLong();
  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  private final Counters counters = new Counters();
  private AccountDatabase database;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    execute(
        """
        insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
          is_admin, user_group, totp_step, totp_required, created_at, updated_at)
        values ('%s', '%s', 'bob', 'bob', '', '', '', true, false,
          '00000000-0000-7000-8000-000000000002', 0, false, 0, 0)
        """
            .formatted(USER, ORG),
        """
        insert into api_token (guid, org, token_hash, user_guid, device_id, device_uuid, client, ip,
          created_at, last_used_at)
        values ('%s', '%s', '%s', '%s', '', '', '', '', 0, 1800000000000)
        """
            .formatted(TOKEN, ORG, sha256(SECRET), USER),
        """
        insert into api_device (guid, id, org, uuid, user_guid, enabled, approved, name, note,
          hostname, username, os, cpu, memory, version, sysinfo_hash, ip, created_at, updated_at)
        values ('device', '123456789', '%s', '', '%s', true, true, '', '', '', '', '', '', '', '',
          '', '', 0, 0)
        """
            .formatted(ORG, USER));
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static String sha256(String text) {
    return Hex.toHexString(new SHA256.Digest().digest(text.getBytes(UTF_8)));
  }

  private void execute(String... statements) {
    join(
        database.run((Handle handle) -> {
          for (String statement : statements) {
            handle.execute(statement);
          }
          AccessEpoch.advance(handle, ORG);
        }));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private AccessControl control(AccessMode mode) {
    SigningKey pair = SigningKey.ofSeed(new byte[32]);
    AccessControl control =
        new AccessControl(
            mode,
            database,
            ORG,
            Optional.of(new AuditReferences(pair, new SecureRandom())),
            new SecureRandom(),
            counters,
            ticker::get,
            () -> clock.get() * 1_000);
    join(control.look());
    return control;
  }

  private static Decision decide(AccessControl control, String token) {
    return decide(control, token, "");
  }

  private static Decision decide(AccessControl control, String token, String code) {
    return join(
        control
            .identify(new Shown(token, code, HERE))
            .thenCompose(asker -> control.decide(asker, DEVICE, true)));
  }

  @Test
  void letsTheOwnerInAndTellsTheTargetWhoItIs() {
    AccessControl control = control(AccessMode.STRICT);
    Decision decision = decide(control, SECRET);
    assertThat(decision.verdict().reason()).isEqualTo(Reason.OWNER);
    assertThat(control.open(decision.permit().sealed()))
        .isEqualTo(decision.permit().reference())
        .get()
        .extracting(AuditReference::user, AuditReference::token)
        .containsExactly(USER, TOKEN);
  }

  @Test
  void decidesFromMemoryUntilTheEpochMoves() {
    AccessControl control = control(AccessMode.STRICT);
    decide(control, SECRET);
    join(database.run(handle -> handle.execute("delete from api_token")));

    Decision remembered = decide(control, SECRET);
    execute("select 1");
    join(control.look());

    assertThat(remembered.verdict().isAllowed()).isTrue();
    assertThat(decide(control, SECRET).verdict().reason()).isEqualTo(Reason.LOGIN_ENDED);
  }

  @ParameterizedTest
  @EnumSource(
      value = AccessMode.class,
      names = {"LOGIN", "STRICT"})
  void refusesARevokedLoginOnceItHasLooked(AccessMode mode) {
    AccessControl control = control(mode);
    assertThat(decide(control, SECRET).verdict().isAllowed()).isTrue();

    execute("delete from api_token");
    join(control.look());

    assertThat(decide(control, SECRET).verdict().text())
        .isEqualTo("Not allowed: your login has ended, log in again");
  }

  @Test
  void decidesByADeviceThatWasAssignedToSomebodyElse() {
    AccessControl control = control(AccessMode.STRICT);
    decide(control, SECRET);
    execute("update api_device set user_guid = null where id = '123456789'");
    join(control.look());
    assertThat(decide(control, SECRET).verdict().reason()).isEqualTo(Reason.UNASSIGNED_DEVICE);
  }

  @Test
  void doesNotAskTheDatabaseForStrangersWhereNothingIsDecided() {
    execute("update api_device set user_guid = null");
    AccessControl control = control(AccessMode.OPEN);
    database.close();
    assertThat(decide(control, "").verdict().reason()).isEqualTo(Reason.OPEN);
    assertThat(decide(control, "a token of another server").verdict().reason())
        .isEqualTo(Reason.OPEN);
  }

  @ParameterizedTest
  @EnumSource(AccessMode.class)
  void goesOnByWhatItKnowsWhileTheDatabaseIsAwayForAWhile(AccessMode mode) {
    AccessControl control = control(mode);
    decide(control, SECRET);
    database.close();

    ticker.addAndGet(Duration.ofSeconds(15).toNanos());
    Decision known = decide(control, SECRET);
    ticker.addAndGet(Duration.ofMillis(1).toNanos());
    Decision later = decide(control, SECRET);

    assertThat(known.verdict().reason()).isEqualTo(Reason.OWNER);
    assertThat(later.verdict().reason())
        .isEqualTo(mode == AccessMode.OPEN ? Reason.OPEN : Reason.UNCHECKED);
    assertThat(counters.of(Event.ACCESS_UNCHECKED)).isEqualTo(mode == AccessMode.OPEN ? 1 : 0);
  }

  @Test
  void endsTheSessionsOfARevokedLogin() {
    AccessControl control = control(AccessMode.LOGIN);
    List<String> cut = new ArrayList<>();
    control.live().cutBy(cut::add);
    Permit permit = decide(control, SECRET).permit();
    control.live().began(permit, DEVICE, HERE, "a-relay-session");
    execute("select 1");
    join(control.look());
    assertThat(cut).isEmpty();

    execute("delete from api_token");
    join(control.look());

    assertThat(cut).containsExactly("a-relay-session");
    assertThat(control.live().ended(DEVICE)).containsExactly(permit.reference().orElseThrow());
    assertThat(control.live().size()).isZero();
  }

  @Test
  void letsInByTheCodeOfASwitch() {
    AccessControl control = control(AccessMode.STRICT);
    execute(
        "insert into api_switch_grant values ('%s', '%s', '123456789', 1800000060000)"
            .formatted(AccessControl.verifier("the code"), ORG));
    assertThat(decide(control, "", "the code").verdict().reason()).isEqualTo(Reason.SWITCH_GRANT);
    assertThat(decide(control, "", "another code").verdict().reason())
        .isEqualTo(Reason.NOT_LOGGED_IN);
  }

  @Test
  void looksForTokensAtABoundedPace() {
    AccessControl control = control(AccessMode.LOGIN);
    List<Reason> reasons = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      reasons.add(decide(control, "rpc_" + i).verdict().reason());
    }
    assertThat(reasons.getFirst()).isEqualTo(Reason.LOGIN_ENDED);
    assertThat(reasons.getLast()).isEqualTo(Reason.UNCHECKED);
    assertThat(decide(control, "rpc_0").verdict().reason()).isEqualTo(Reason.LOGIN_ENDED);
  }
}
