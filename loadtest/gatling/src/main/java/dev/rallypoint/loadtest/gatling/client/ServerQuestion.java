package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A question that the server answers from what it knows itself, over a connection of its own:
 * online states and the NAT test. Never encrypted.
 *
 * @param server where to
 * @param way TCP or WebSocket
 * @param request the question
 * @param answers the kinds of its answer
 */
public record ServerQuestion(
    InetSocketAddress server, Way way, RendezvousMessage request, Set<UnionCase> answers) {

  /** Which of these peers are online. */
  public static ServerQuestion online(ServerAddress server, Way way, String own, List<String> ids) {
    OnlineRequest request = OnlineRequest.newBuilder().setId(own).addAllPeers(ids).build();
    return new ServerQuestion(
        server.natTest(way),
        way,
        RendezvousMessage.newBuilder().setOnlineRequest(request).build(),
        EnumSet.of(UnionCase.ONLINE_RESPONSE));
  }

  /**
   * Which port the server sees.
   *
   * @param isSecondPort whether the port below the ID server's is asked
   */
  public static ServerQuestion nat(ServerAddress server, boolean isSecondPort) {
    return new ServerQuestion(
        isSecondPort ? server.natTest(Way.TCP) : server.idServer(Way.TCP),
        Way.TCP,
        RendezvousMessage.newBuilder()
            .setTestNatRequest(TestNatRequest.getDefaultInstance())
            .build(),
        EnumSet.of(UnionCase.TEST_NAT_RESPONSE));
  }

  /** Asks for a user. */
  public void run(VirtualUser user, Duration timeout, AnswerListener listener) {
    LinkSpec spec =
        new LinkSpec(way, server, user.source(), false, false, user.runtime().settings().timeout());
    new ShortLink(user, spec).ask(request, answers, List.of(timeout), listener);
  }
}
