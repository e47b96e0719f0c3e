package dev.rallypoint.rendezvous;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Datagram;
import dev.rallypoint.transport.DatagramPort;
import dev.rallypoint.transport.Push;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * UDP 21116: registrations, the UDP NAT test, and a target's word that it punches by UDP. An answer
 * goes to the datagram's source and nowhere else: no payload of an unverified sender names an
 * address that is written to. What the server itself sends is not answered, so that no two servers
 * can be made to talk to each other for ever.
 */
final class UdpIngress {
  /**
   * Questions under way whose clients wait for the answer; a flood over it is dropped, and clients
   * ask again after 3 s. The directory bounds how many are waited for longer.
   */
  private static final int MAX_QUESTIONS = 20_000;

  private static final Set<RendezvousMessage.UnionCase> REGISTRATIONS =
      EnumSet.of(
          RendezvousMessage.UnionCase.REGISTER_PEER,
          RendezvousMessage.UnionCase.REGISTER_PK,
          RendezvousMessage.UnionCase.TEST_NAT_REQUEST);

  private static final byte[] BEAT_TAKEN = Replies.registerPeer(false).toByteArray();
  private static final byte[] KEY_REQUIRED = Replies.registerPeer(true).toByteArray();

  private final Rendezvous rendezvous;
  private final Counters counters;
  private final DatagramPort port;
  private final ActorRef<Registrar.Command> registrar;
  private final ActorRef<Push> home;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean isLeaving;

  /**
   * @param home what writes to the peers that register here
   */
  UdpIngress(
      Rendezvous rendezvous,
      DatagramPort port,
      ActorRef<Registrar.Command> registrar,
      ActorRef<Push> home) {
    this.rendezvous = rendezvous;
    this.counters = rendezvous.counters();
    this.port = port;
    this.registrar = registrar;
    this.home = home;
  }

  /** Leaves registrations unanswered from now on, so that clients take them to another node. */
  void leave() {
    isLeaving = true;
  }

  void onDatagram(Datagram datagram) {
    PeerAddress from = datagram.from();
    if (!from.isSendable()) {
      counters.dropped(DropReason.DATAGRAM_SOURCE);
      return;
    }
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(datagram.payload());
    } catch (InvalidProtocolBufferException e) {
      counters.dropped(DropReason.DATAGRAM_UNPARSABLE);
      return;
    }
    if (isLeaving && REGISTRATIONS.contains(message.getUnionCase())) {
      counters.dropped(DropReason.NODE_LEAVING);
      return;
    }
    switch (message.getUnionCase()) {
      case REGISTER_PEER -> onRegisterPeer(message.getRegisterPeer(), from);
      case REGISTER_PK -> onRegisterPk(message.getRegisterPk(), from);
      case TEST_NAT_REQUEST -> {
        counters.count(Event.NAT_TESTS);
        port.send(from, Replies.testNat(from.port()).toByteArray());
      }
      case PUNCH_HOLE_SENT -> {
        if (!rendezvous
            .sessions()
            .answered(message.getPunchHoleSent().getSocketAddr(), message, from, true)) {
          counters.dropped(DropReason.ANSWER_UNASKED);
        }
      }
      // Anybody can write any source on a datagram: these are taken over TCP only.
      case PUNCH_HOLE_REQUEST, LOCAL_ADDR, REQUEST_RELAY, RELAY_RESPONSE ->
          counters.dropped(DropReason.DATAGRAM_UNVERIFIED);
      default -> counters.dropped(DropReason.DATAGRAM_UNEXPECTED);
    }
  }

  private void onRegisterPeer(RegisterPeer beat, PeerAddress from) {
    Optional<PeerId> id = PeerId.parse(beat.getId());
    if (id.isEmpty() || !id.get().isRegistrable()) {
      counters.dropped(DropReason.REGISTRATION_MALFORMED);
    } else if (rendezvous.directory().heartbeatFromLease(id.get(), from)) {
      port.send(from, BEAT_TAKEN);
    } else if (questions.incrementAndGet() > MAX_QUESTIONS) {
      questions.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
    } else {
      rendezvous
          .directory()
          .heartbeatFromEntity(id.get(), from, home)
          .whenComplete((keyRequired, failure) -> {
            questions.decrementAndGet();
            if (keyRequired != null) {
              port.send(from, keyRequired ? KEY_REQUIRED : BEAT_TAKEN);
            }
          });
    }
  }

  private void onRegisterPk(RegisterPk claim, PeerAddress from) {
    if (rendezvous.directory().beginClaim()) {
      registrar.tell(
          new Registrar.Claim(
              claim,
              from,
              home,
              false,
              result -> port.send(from, Replies.registerPk(result).toByteArray())));
    }
  }
}
