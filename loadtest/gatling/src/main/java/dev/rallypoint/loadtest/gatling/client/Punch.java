package dev.rallypoint.loadtest.gatling.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A PunchHoleRequest over a connection of its own, up to the answer.
 *
 * @param target the id that is dialled
 * @param server the place of the server in the list
 * @param way TCP or WebSocket
 * @param encrypted whether the connection is encrypted first, as of a user who is logged in
 * @param relayed whether the requester has a symmetric NAT and wants a relay
 * @param token the access token of a logged in user; empty for none
 * @param waits how long to wait; after each but the last the request is sent again
 * @param keyCheck how the key of the target is checked; needs the server's key
 */
public record Punch(
    String target,
    long server,
    Way way,
    boolean encrypted,
    boolean relayed,
    String token,
    List<Duration> waits,
    KeyCheck keyCheck) {
  private static final Set<UnionCase> ANSWERS =
      EnumSet.of(UnionCase.PUNCH_HOLE_RESPONSE, UnionCase.RELAY_RESPONSE);

  /** Told once how a punch ended. */
  public interface Listener {
    /** An answer has come, be it a failure. */
    void answered(PunchAnswer kind, RendezvousMessage answer);

    /** No answer has come, or one with a wrong key. */
    void failed(Failure failure);
  }

  /** Sends the request for a user. */
  public void run(VirtualUser user, Listener listener) {
    ClientSettings settings = user.runtime().settings();
    LinkSpec spec =
        new LinkSpec(
            way,
            settings.server(server).idServer(way),
            user.source(),
            encrypted && way == Way.TCP,
            false,
            settings.timeout());
    new ShortLink(user, spec)
        .ask(
            request(settings),
            ANSWERS,
            waits,
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                PunchAnswer kind = PunchAnswer.of(answer);
                if (kind.isWay() && !isGenuine(settings.publicKey(), answer)) {
                  listener.failed(Failure.of(Reason.WRONG_PEER_KEY));
                } else {
                  listener.answered(kind, answer);
                }
              }

              @Override
              public void failed(Failure failure) {
                listener.failed(failure);
              }
            });
  }

  private RendezvousMessage request(ClientSettings settings) {
    boolean relays = relayed || way == Way.WEBSOCKET;
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setNatType(relays ? NatType.SYMMETRIC : NatType.ASYMMETRIC)
                .setForceRelay(relays)
                .setLicenceKey(settings.key())
                .setToken(token)
                .setVersion(settings.version().toString()))
        .build();
  }

  private boolean isGenuine(Optional<PublicKey> server, RendezvousMessage answer) {
    if (keyCheck == KeyCheck.NONE || server.isEmpty()) {
      return true;
    }
    ByteString signed =
        answer.hasRelayResponse()
            ? answer.getRelayResponse().getPk()
            : answer.getPunchHoleResponse().getPk();
    Optional<PublicKey> key =
        PeerId.parse(target).flatMap(id -> SignedPeerKey.open(server.get(), id, signed));
    return key.isPresent()
        && (keyCheck == KeyCheck.SIGNATURE || key.get().bytes().equals(Identity.of(target).key()));
  }
}
