package dev.rallypoint.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.audit.ConnectionAudits.ConnectionPost;
import dev.rallypoint.audit.ConnectionAudits.Reader;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionRow.Controller;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Connections to devices, of two nodes on one database, on each kind of database. */
abstract class ConnectionAuditContract extends TwoNodes {
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
}
