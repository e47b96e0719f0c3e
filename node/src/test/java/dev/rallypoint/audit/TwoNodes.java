package dev.rallypoint.audit;

import dev.rallypoint.audit.ConnectionAudits.ConnectionPost;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The audits of two nodes on one database, with a clock that the test sets. */
abstract class TwoNodes {
  static final String ORG = "00000000-0000-7000-8000-000000000001";
  static final String DEVICE = "123456789";
  static final String ALICE = "00000000-0000-7000-8000-0000000000aa";
  static final Peer PEER =
      new Peer("987654321", "Bob's desk", Optional.of(0), Optional.of(3), Optional.empty());
  static final long SESSION = -7; // above 2^63

  final AtomicLong now = new AtomicLong(1_000_000_000_000L);
  Node one;
  Node two;

  /** What a node has of audits. */
  final class Node {
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

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static ConnectionPost post(Told told, long connId, String reference, String nonce) {
    return new ConnectionPost(
        told,
        new Where(DEVICE, connId, told == Told.OPENED ? 0 : SESSION),
        told == Told.OPENED ? "192.0.2.7" : "",
        told == Told.AUTHORISED ? PEER : Peer.UNKNOWN,
        reference,
        nonce);
  }

  static AuditFilter all() {
    return new AuditFilter(Optional.empty(), Optional.empty(), 0, 0, 100);
  }

  List<ConnectionRow> rows() {
    return join(two.connections.list(ORG, all(), false)).rows();
  }

  void opened() {
    join(one.connections.take(post(Told.OPENED, 5, "of alice", "n1")));
    join(one.connections.take(post(Told.AUTHORISED, 5, "", "n2")));
  }
}
