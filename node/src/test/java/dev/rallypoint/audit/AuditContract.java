package dev.rallypoint.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.audit.ConnectionAudits.ConnectionPost;
import dev.rallypoint.audit.ConnectionAudits.Reader;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.DeviceAudits.AlarmPost;
import dev.rallypoint.audit.DeviceAudits.FilePost;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.AuditUpkeep.Part;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionRow.Controller;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import dev.rallypoint.store.audit.FileTable.FileRow;
import dev.rallypoint.store.audit.FileTable.Side;
import dev.rallypoint.store.audit.FileTable.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Audits of two nodes on one database, on each kind of database. */
abstract class AuditContract {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final String DEVICE = "123456789";
  private static final String ALICE = "00000000-0000-7000-8000-0000000000aa";
  private static final Peer PEER =
      new Peer("987654321", "Bob's desk", Optional.of(0), Optional.of(3), Optional.empty());
  private static final long SESSION = -7; // above 2^63

  private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
  private Node one;
  private Node two;

  /** What a node has of audits. */
  private final class Node {
    final AccountDatabase database = open();
    final AuditParts parts =
        new AuditParts(database, ORG, at -> UUID.randomUUID().toString(), () -> now.get() * 1_000);
    final ConnectionAudits connections =
        new ConnectionAudits(
            parts, reference -> Optional.of(ALICE).filter(user -> reference.equals("of alice")));
    final DeviceAudits others = new DeviceAudits(parts, ReferenceReader.none());
    final LiveConnections live = new LiveConnections(parts, connections);
    final ConsoleLog console = new ConsoleLog(parts);
    final Retention retention = new Retention(parts);
  }

  /** Opens the database of the test once more. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    one = new Node();
    two = new Node();
    join(
        one.database.run(handle ->
            handle.execute(
                """
                insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
                  is_admin, user_group, totp_step, totp_required, created_at, updated_at)
                values (?, ?, 'alice', 'alice', '', '', '', true, false,
                  '00000000-0000-7000-8000-000000000002', 0, false, 0, 0)
                """,
                ALICE,
                ORG)));
  }

  @AfterEach
  void end() {
    one.database.close();
    two.database.close();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ConnectionPost post(Told told, long connId, String reference, String nonce) {
    return new ConnectionPost(
        told,
        new Where(DEVICE, connId, told == Told.OPENED ? 0 : SESSION),
        told == Told.OPENED ? "192.0.2.7" : "",
        told == Told.AUTHORISED ? PEER : Peer.UNKNOWN,
        reference,
        nonce);
  }

  private static AuditFilter all() {
    return new AuditFilter(Optional.empty(), Optional.empty(), 0, 0, 100);
  }

  private List<ConnectionRow> rows() {
    return join(two.connections.list(ORG, all(), false)).rows();
  }

  private void opened() {
    join(one.connections.take(post(Told.OPENED, 5, "of alice", "n1")));
    join(one.connections.take(post(Told.AUTHORISED, 5, "", "n2")));
  }

  @Test
  void haveOneRowOfAConnectionFromItsOpeningToItsEnd() {
    join(one.connections.take(post(Told.OPENED, 5, "of alice", "n1")));
    now.addAndGet(2_000);
    join(two.connections.take(post(Told.AUTHORISED, 5, "", "n2")));
    now.addAndGet(3_000);
    join(one.connections.take(post(Told.CLOSED, 5, "", "n3")));

    ConnectionRow row = rows().getFirst();
    assertThat(rows()).hasSize(1);
    assertThat(row.where()).isEqualTo(new Where(DEVICE, 5, SESSION));
    assertThat(row.ip()).isEqualTo("192.0.2.7");
    assertThat(row.peer()).isEqualTo(PEER);
    assertThat(row.user()).contains(new Controller(ALICE, "alice", true));
    assertThat(row.times().authorisedAt()).contains(1_000_000_002_000L);
    assertThat(row.times().endedAt()).contains(1_000_000_005_000L);
    assertThat(row.endedBy()).isEqualTo("device");
  }

  @Test
  void takeAPostOnceThatComesToTwoNodesAtOnce() {
    List<CompletableFuture<Boolean>> taken =
        IntStream.range(0, 20)
            .mapToObj(i -> (i % 2 == 0 ? one : two).connections)
            .map(node -> node.take(post(Told.OPENED, 5, "", "n1")).toCompletableFuture())
            .toList();

    assertThat(taken.stream().map(CompletableFuture::join).filter(isNew -> isNew)).hasSize(1);
    assertThat(rows()).hasSize(1);
  }

  @Test
  void changeNothingByAPostThatComesAgainAfterTheEnd() {
    opened();
    join(one.connections.take(post(Told.CLOSED, 5, "", "n3")));

    assertThat(join(two.connections.take(post(Told.OPENED, 5, "", "n1")))).isFalse();
    assertThat(join(two.connections.take(post(Told.AUTHORISED, 5, "", "n2")))).isFalse();
    assertThat(rows()).hasSize(1);
  }

  @Test
  void takeTheSameNonceOfAnotherDevice() {
    opened();
    ConnectionPost other =
        new ConnectionPost(
            Told.OPENED, new Where("other", 5, 0), "192.0.2.8", Peer.UNKNOWN, "", "n1");
    assertThat(join(two.connections.take(other))).isTrue();
  }

  @Test
  void takeAnOlderClientsPostOnceThatComesTwice() {
    join(one.connections.take(post(Told.OPENED, 5, "", "")));
    join(two.connections.take(post(Told.OPENED, 5, "", "")));
    join(one.connections.take(post(Told.AUTHORISED, 5, "", "")));
    join(two.connections.take(post(Told.AUTHORISED, 5, "", "")));
    join(one.connections.take(post(Told.CLOSED, 5, "", "")));
    join(two.connections.take(post(Told.CLOSED, 5, "", "")));

    assertThat(rows()).hasSize(1);
  }

  @Test
  void endAConnectionWhoseNumberAClientUsesAgain() {
    opened();
    now.addAndGet(60_000);
    join(two.connections.take(post(Told.OPENED, 5, "", "n9")));

    assertThat(rows()).extracting(ConnectionRow::endedBy).containsExactly("", "restart");
  }

  @Test
  void nameTheUserOfTheOtherSidesDeviceAsNotProven() {
    join(
        one.database.run(handle ->
            handle.execute(
                """
                insert into api_token (guid, org, token_hash, user_guid, device_id, device_uuid,
                  client, ip, created_at, last_used_at)
                values ('t', ?, 'h', ?, '987654321', '', '', '', 0, 0)
                """,
                ORG,
                ALICE)));
    join(one.connections.take(post(Told.OPENED, 5, "of nobody", "n1")));
    join(one.connections.take(post(Told.AUTHORISED, 5, "", "n2")));

    assertThat(rows().getFirst().user()).contains(new Controller(ALICE, "alice", false));
  }

  @Test
  void letTheUserWhoControlsAndAdministratorsWriteANote() {
    opened();
    String guid = rows().getFirst().guid();
    Reader alice = new Reader(ORG, ALICE, false);
    Reader bob = new Reader(ORG, "guid-of-bob", false);
    Reader admin = new Reader(ORG, "guid-of-admin", true);
    Reader foreign = new Reader("other", ALICE, true);

    assertThat(join(two.connections.active(alice, DEVICE, SESSION, Optional.of(0)))).contains(guid);
    assertThat(join(two.connections.active(admin, DEVICE, SESSION, Optional.empty())))
        .contains(guid);
    assertThat(join(two.connections.active(alice, DEVICE, SESSION, Optional.of(1)))).isEmpty();
    assertThat(join(two.connections.active(alice, DEVICE, 8, Optional.of(0)))).isEmpty();
    assertThat(join(two.connections.active(bob, DEVICE, SESSION, Optional.of(0)))).isEmpty();
    assertThat(join(two.connections.active(foreign, DEVICE, SESSION, Optional.of(0)))).isEmpty();
    assertThat(join(two.connections.setNote(bob, guid, "x"))).isFalse();
    assertThat(join(two.connections.setNote(foreign, guid, "x"))).isFalse();
    assertThat(join(two.connections.setNote(alice, guid, "' or 1=1"))).isTrue();
    assertThat(rows().getFirst().note()).isEqualTo("' or 1=1");
  }

  @Test
  void takeTheNoteOfAnOlderClientOnce() {
    opened();
    assertThat(join(one.connections.addNote(DEVICE, 8, "x"))).isFalse();
    assertThat(join(one.connections.addNote(DEVICE, SESSION, "first"))).isTrue();
    assertThat(join(two.connections.addNote(DEVICE, SESSION, "second"))).isFalse();
    assertThat(rows().getFirst().note()).isEqualTo("first");
  }

  @Test
  void tellADeviceOnEachNodeToEndAConnection() {
    opened();
    String guid = rows().getFirst().guid();
    assertThat(join(one.live.disconnect(ORG, guid, "root"))).isPresent();
    join(two.live.readOrders());

    assertThat(two.live.onHeartbeat(DEVICE, Set.of(4L, 5L))).containsExactly(5L);
    assertThat(one.live.onHeartbeat(DEVICE, Set.of(5L))).containsExactly(5L);
    assertThat(two.live.onHeartbeat("other", Set.of(5L))).isEmpty();
    assertThat(two.live.onHeartbeat(DEVICE, Set.of(4L))).isEmpty();
    join(two.connections.take(post(Told.CLOSED, 5, "", "n3")));
    assertThat(rows().getFirst().endedBy()).isEqualTo("administrator");
    join(one.live.readOrders());
    assertThat(one.live.onHeartbeat(DEVICE, Set.of(5L))).isEmpty();
    assertThat(join(one.live.disconnect(ORG, guid, "root"))).isEmpty();
  }

  @Test
  void tellADeviceForAMinuteOnly() {
    opened();
    join(one.live.disconnect(ORG, rows().getFirst().guid(), "root"));
    now.addAndGet(Duration.ofSeconds(61).toMillis());
    assertThat(one.live.onHeartbeat(DEVICE, Set.of(5L))).isEmpty();
  }

  @Test
  void endAConnectionThatHeartbeatsDoNotNameAnyMore() {
    opened();
    join(two.live.readRunning());
    two.live.onHeartbeat(DEVICE, Set.of());
    assertThat(rows().getFirst().times().endedAt()).isEmpty(); // it was opened just now
    now.addAndGet(31_000);
    two.live.onHeartbeat(DEVICE, Set.of(5L));
    assertThat(rows().getFirst().times().endedAt()).isEmpty();
    two.live.onHeartbeat(DEVICE, Set.of());
    await().until(() -> rows().getFirst().endedBy().equals("heartbeat"));
  }

  @Test
  void endAConnectionOfWhichNoNodeHearsForLong() {
    opened();
    join(one.live.readRunning());
    now.addAndGet(Duration.ofMinutes(9).toMillis());
    one.live.onHeartbeat(DEVICE, Set.of(5L));
    join(one.live.noteHeard());
    now.addAndGet(Duration.ofMinutes(9).toMillis());
    join(two.live.noteHeard());
    assertThat(rows().getFirst().times().endedAt()).isEmpty();
    now.addAndGet(Duration.ofMinutes(2).toMillis());
    join(two.live.noteHeard());
    assertThat(rows().getFirst().times().endedAt())
        .contains(1_000_000_000_000L + Duration.ofMinutes(9).toMillis());
  }

  @Test
  void costNoStatementForHeartbeats() {
    opened();
    join(one.live.disconnect(ORG, rows().getFirst().guid(), "root"));
    join(one.live.readRunning());
    now.addAndGet(31_000);
    long before = one.database.calls();
    for (int i = 0; i < 1_000; i++) {
      assertThat(one.live.onHeartbeat(DEVICE, Set.of(5L))).containsExactly(5L);
      assertThat(one.live.onHeartbeat("other", Set.of())).isEmpty();
    }
    assertThat(one.database.calls()).isEqualTo(before);
  }

  @Test
  void keepFilesWithTheirConnectionAndUser() {
    opened();
    FilePost post =
        new FilePost(
            DEVICE,
            5,
            new Side("192.0.2.7", "987654321", "Bob's desk"),
            new Transfer(1, "/tmp/%_\\", true, 1, "[[\"a\",7]]"),
            "f1");
    assertThat(join(one.others.takeFile(post))).isTrue();
    assertThat(join(two.others.takeFile(post))).isFalse();

    FileRow row = join(two.others.files(ORG, all())).rows().getFirst();
    assertThat(row.connection()).contains(rows().getFirst().guid());
    assertThat(row.user().map(Controller::name)).contains("alice");
    assertThat(row.transfer()).isEqualTo(post.transfer());
    assertThat(row.side()).isEqualTo(post.side());
  }

  @Test
  void keepAlarmsAndWhatAdministratorsDid() {
    AlarmPost alarm = new AlarmPost(DEVICE, 1, "{\"ip\":\"192.0.2.9\"}", 0, "", "a1");
    assertThat(join(one.others.takeAlarm(alarm))).isTrue();
    assertThat(join(two.others.takeAlarm(alarm))).isFalse();
    Actor root = new Actor("g", "root", "192.0.2.1");
    join(
        one.console.after(
            CompletableFuture.completedStage(1),
            root,
            new Change(ConsoleOperation.DELETE_USER, "bob", "")));
    var failed =
        one.console.after(
            CompletableFuture.failedStage(new IllegalStateException()),
            root,
            new Change(ConsoleOperation.DELETE_USER, "carol", ""));

    assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    assertThat(join(two.others.alarms(ORG, all())).rows().getFirst().info())
        .isEqualTo(alarm.info());
    assertThat(join(two.console.list(ORG, all())).rows())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.actor()).isEqualTo(root);
          assertThat(row.target()).isEqualTo("bob");
          assertThat(row.typ()).isEqualTo(1);
          assertThat(row.iop()).isEqualTo(13);
        });
  }

  @Test
  void areFoundByIdWithPercentSignsOnlyAsWildcards() {
    opened();
    now.addAndGet(5_000);
    join(one.connections.take(post(Told.OPENED, 6, "", "n6")));
    Map<String, Long> expected =
        Map.of(
            DEVICE, 2L, "987654321", 1L, "987%", 1L, "%", 2L, "98765432_", 0L, "'--", 0L, "\\", 0L);
    expected.forEach((text, count) ->
        assertThat(
                join(two.connections.list(
                        ORG, new AuditFilter(Optional.of(text), Optional.empty(), 0, 0, 10), false))
                    .total())
            .as(text)
            .isEqualTo(count));
    AuditFilter late =
        new AuditFilter(Optional.empty(), Optional.empty(), 1_000_000_005_000L, 0, 10);
    AuditFilter desktop = new AuditFilter(Optional.empty(), Optional.of(0), 0, 0, 10);
    AuditFilter second = new AuditFilter(Optional.empty(), Optional.empty(), 0, 1, 1);
    assertThat(join(two.connections.list(ORG, late, false)).total()).isOne();
    assertThat(join(two.connections.list(ORG, desktop, false)).total()).isOne();
    assertThat(join(two.connections.list(ORG, second, false)).rows())
        .extracting(row -> row.where().connId())
        .containsExactly(5L);
    assertThat(join(two.connections.list("other", all(), false)).total()).isZero();
  }

  @Test
  void areDeletedWhenTheyAreOldByOneNodeAtATime() {
    opened();
    join(one.connections.take(post(Told.CLOSED, 5, "", "n3")));
    join(one.connections.take(post(Told.OPENED, 6, "", "n4")));
    join(
        one.console.after(
            CompletableFuture.completedStage(1),
            ConsoleLog.OPERATOR,
            new Change(ConsoleOperation.ADD_USER, "bob", "")));
    assertThat(join(one.retention.run())).containsEntry(Part.CONNECTIONS, 0L);
    assertThat(join(two.retention.run())).isEmpty();
    now.addAndGet(Duration.ofDays(91).toMillis());

    Map<Part, Long> deleted = join(two.retention.run());

    assertThat(deleted).containsEntry(Part.CONNECTIONS, 1L).containsEntry(Part.CONSOLE, 0L);
    assertThat(rows()).extracting(row -> row.where().connId()).containsExactly(6L);
  }
}
