package dev.rallypoint.loadtest.gatling.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.loadtest.peer.DuplicatePushFilter;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Answers the pushes to a registered peer, each over a new connection to any of the servers, and
 * logs each answer as a request: from the push to the answer that is sent. No way to the requester
 * is opened: only the server is under test.
 */
final class PushAnswers {
  /** The request name of the way from a requester through the server to the peer. */
  private static final String DELIVERY = "push delivery";

  private final VirtualUser user;
  private final Peer peer;
  private final ClientSettings settings;
  private final DuplicatePushFilter punches = new DuplicatePushFilter();
  private final DuplicatePushFilter relays = new DuplicatePushFilter();

  PushAnswers(VirtualUser user, Peer peer) {
    this.user = user;
    this.peer = peer;
    this.settings = user.runtime().settings();
  }

  void onPush(RendezvousMessage push) {
    if (!settings.answersPushes()) {
      return;
    }
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> {
        if (isNew(punches, push.getPunchHole().getSocketAddr())) {
          onPunchHole(push.getPunchHole());
        }
      }
      case FETCH_LOCAL_ADDR -> {
        ByteString requester = push.getFetchLocalAddr().getSocketAddr();
        if (isNew(punches, requester)) {
          onFetchLocalAddr(requester, push.getFetchLocalAddr().getRelayServer());
        }
      }
      case REQUEST_RELAY -> {
        if (isNew(relays, push.getRequestRelay().getSocketAddr())) {
          onRequestRelay(push.getRequestRelay());
        }
      }
      default -> throw new IllegalArgumentException("not a push: " + push.getUnionCase());
    }
  }

  private boolean isNew(DuplicatePushFilter filter, ByteString requester) {
    boolean isDuplicate =
        settings.version().punchesUdp()
            && filter.isDuplicate(AddressMangler.decode(requester), System.nanoTime());
    if (isDuplicate) {
      user.runtime().figures().count(Counter.DUPLICATE_PUSHES);
    } else {
      user.runtime()
          .questions()
          .sentAt(AddressMangler.decode(requester))
          .ifPresent(sent -> user.log().ok(DELIVERY, sent));
    }
    return !isDuplicate;
  }

  private void onPunchHole(PunchHole push) {
    if (settings.version().punchesUdp() && push.getForceRelay()
        || push.getNatType() == NatType.SYMMETRIC
        || peer.way() == Way.WEBSOCKET) {
      offerRelay("push PunchHole", push.getSocketAddr(), push.getRelayServer());
      return;
    }
    PunchHoleSent answer =
        PunchHoleSent.newBuilder()
            .setSocketAddr(push.getSocketAddr())
            .setId(peer.identity().id())
            .setRelayServer(push.getRelayServer())
            .setNatType(NatType.ASYMMETRIC)
            .setVersion(settings.version().toString())
            .build();
    tell("push PunchHole", RendezvousMessage.newBuilder().setPunchHoleSent(answer).build());
  }

  private void onFetchLocalAddr(ByteString requester, String relay) {
    if (peer.way() == Way.WEBSOCKET) {
      offerRelay("push FetchLocalAddr", requester, relay);
      return;
    }
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    // Encoded anew: a server compares addresses, not bytes.
    LocalAddr answer =
        LocalAddr.newBuilder()
            .setSocketAddr(AddressMangler.encode(AddressMangler.decode(requester), micros))
            .setLocalAddr(AddressMangler.encode(peer.local(), micros))
            .setRelayServer(relay)
            .setId(peer.identity().id())
            .setVersion(settings.version().toString())
            .build();
    tell("push FetchLocalAddr", RendezvousMessage.newBuilder().setLocalAddr(answer).build());
  }

  private void offerRelay(String request, ByteString requester, String relay) {
    ServerAddress server = settings.server(user.number());
    RelayTicket ticket =
        new RelayTicket("", UUID.randomUUID().toString(), RelayTicket.relay(relay, server));
    String named =
        relay.isEmpty() ? server.host().getHostAddress() + ":" + server.relayPort() : relay;
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(requester)
            .setUuid(ticket.uuid())
            .setRelayServer(named)
            .setId(peer.identity().id())
            .setVersion(settings.version().toString())
            .build();
    tell(request, RendezvousMessage.newBuilder().setRelayResponse(answer).build());
    join(ticket);
  }

  private void join(RelayTicket ticket) {
    if (settings.joinsRelays()) {
      Way way = peer.way() == Way.WEBSOCKET ? Way.WEBSOCKET : Way.TCP;
      RelayEcho echo = new RelayEcho(user, ticket.uuid());
      RelayLeg.open(user, ticket.relay(way), way, echo);
    }
  }

  private void onRequestRelay(RequestRelay push) {
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(push.getSocketAddr())
            .setVersion(settings.version().toString())
            .build();
    tell("push RequestRelay", RendezvousMessage.newBuilder().setRelayResponse(answer).build());
    // A requester waits for the first bytes also where it did not ask for a signed id.
    join(
        new RelayTicket(
            "",
            push.getUuid(),
            RelayTicket.relay(push.getRelayServer(), settings.server(user.number()))));
  }

  private void tell(String request, RendezvousMessage answer) {
    long start = System.nanoTime();
    Way way = peer.way() == Way.WEBSOCKET ? Way.WEBSOCKET : Way.TCP;
    LinkSpec spec =
        new LinkSpec(
            way,
            user.runtime().anyServer().idServer(way),
            user.source(),
            false,
            false,
            settings.timeout());
    new ShortLink(user, spec)
        .tell(
            answer,
            new Outcome() {
              @Override
              public void ok() {
                user.log().ok(request, start);
              }

              @Override
              public void ko(Failure failure) {
                user.log().ko(request, start, failure);
              }
            });
  }
}
