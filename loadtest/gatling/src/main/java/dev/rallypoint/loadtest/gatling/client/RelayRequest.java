package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A RequestRelay at the ID server, which a requester sends when it did not reach a target directly:
 * over a connection of its own, up to the answer.
 *
 * @param target the id
 * @param server the place of the server in the list
 * @param way TCP or WebSocket
 * @param encrypted whether the connection is encrypted first
 * @param token the access token of a logged in user; empty for none
 * @param timeout how long the answer may take
 */
public record RelayRequest(
    String target, long server, Way way, boolean encrypted, String token, Duration timeout) {
  private static final Set<UnionCase> ANSWERS = EnumSet.of(UnionCase.RELAY_RESPONSE);

  /** Told once how the request ended. */
  public interface Listener {
    /** The target will be at the relay. */
    void agreed(RelayTicket ticket, RendezvousMessage answer);

    /** No answer, or a refusal. */
    void failed(Failure failure);
  }

  /** Sends the request for a user. */
  public void run(VirtualUser user, Listener listener) {
    ClientSettings settings = user.runtime().settings();
    ServerAddress address = settings.server(server);
    String uuid = UUID.randomUUID().toString();
    String relay = address.host().getHostAddress() + ":" + address.relayPort();
    RendezvousMessage request =
        RendezvousMessage.newBuilder()
            .setRequestRelay(
                RequestRelay.newBuilder()
                    .setId(target)
                    .setUuid(uuid)
                    .setRelayServer(relay)
                    .setSecure(settings.publicKey().isPresent())
                    .setToken(token))
            .build();
    LinkSpec spec =
        new LinkSpec(
            way,
            address.idServer(way),
            user.source(),
            encrypted && way == Way.TCP,
            false,
            settings.timeout());
    new ShortLink(user, spec)
        .ask(
            request,
            ANSWERS,
            List.of(timeout),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                if (answer.getRelayResponse().getRefuseReason().isEmpty()) {
                  listener.agreed(
                      new RelayTicket(target, uuid, RelayTicket.relay(relay, address)), answer);
                } else {
                  listener.failed(Failure.of(Reason.REFUSED));
                }
              }

              @Override
              public void failed(Failure failure) {
                listener.failed(failure);
              }
            });
  }
}
