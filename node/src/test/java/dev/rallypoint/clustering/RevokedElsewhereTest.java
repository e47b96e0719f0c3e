package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.punch;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.AccessMode;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.jcajce.provider.digest.SHA256;
import org.bouncycastle.util.encoders.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that let logged-in users in only; none of them serves the API. */
class RevokedElsewhereTest {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final String ID = "123457901";
  private static final String TOKEN = "rpc_of_bob";

  @TempDir Path data;

  private static void logIn(TestCluster cluster) {
    TestPostgres.execute(
        cluster.database(),
        """
        insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
          is_admin, user_group, totp_step, totp_required, created_at, updated_at)
        values ('01890000-0000-7000-8000-00000000000a', '%s', 'bob', 'bob', '', '', '', true, false,
          '00000000-0000-7000-8000-000000000002', 0, false, 0, 0)
        """
            .formatted(ORG));
    TestPostgres.execute(
        cluster.database(),
        """
        insert into api_token (guid, org, token_hash, user_guid, device_id, device_uuid, client, ip,
          created_at, last_used_at)
        values ('01890000-0000-7000-8000-00000000000b', '%s', '%s',
          '01890000-0000-7000-8000-00000000000a', '', '', '', '', 0, %d)
        """
            .formatted(
                ORG,
                Hex.toHexString(new SHA256.Digest().digest(TOKEN.getBytes(UTF_8))),
                System.currentTimeMillis()));
  }

  private static RendezvousMessage request(TestNode node, String id, String token) {
    RendezvousMessage.Builder request = punch(node, id).toBuilder();
    request.getPunchHoleRequestBuilder().setToken(token);
    return request.build();
  }

  /** What a requester at a node is told of an id that nobody has; that takes no push. */
  private static String asksOfNobody(TestNode node) {
    try (TcpClient requester = node.control().secured(node.key())) {
      requester.send(request(node, "nobodys-id", TOKEN));
      return requester.receive().getPunchHoleResponse().getOtherFailure();
    }
  }

  /** What a requester at a node is told, or "let in" when the target is. */
  private static String asks(TestNode node, Target target, String token) {
    try (TcpClient requester = node.control().secured(node.key())) {
      requester.send(request(node, ID, token));
      var answer = CompletableFuture.supplyAsync(requester::receive);
      while (!answer.isDone()) {
        if (target.pushWithin(Duration.ofMillis(50)).isPresent()) {
          return "let in";
        }
      }
      return answer.join().getPunchHoleResponse().getOtherFailure();
    }
  }

  @Test
  void letsNobodyInOnAnyNodeByALoginThatWasEndedInTheDatabase() {
    try (TestCluster cluster =
            TestCluster.of(3, data, settings -> settings.access(AccessMode.LOGIN));
        Target target = Target.Way.UDP.register(cluster.node(1), ID)) {
      List<TestNode> nodes = List.of(cluster.node(1), cluster.node(2), cluster.node(3));
      logIn(cluster);
      assertThat(nodes).allMatch(node -> asks(node, target, TOKEN).equals("let in"));
      assertThat(nodes)
          .allMatch(
              node -> asks(node, target, "").equals("Not allowed: log in to your account first"));

      assertThat(nodes).allMatch(node -> asksOfNobody(node).isEmpty());

      TestPostgres.execute(cluster.database(), "delete from api_token");
      TestPostgres.execute(cluster.database(), "update api_access_epoch set epoch = epoch + 1");

      for (TestNode node : nodes) {
        await()
            .until(
                () -> asksOfNobody(node),
                "Not allowed: your login has ended, log in again"::equals);
      }
    }
  }
}
