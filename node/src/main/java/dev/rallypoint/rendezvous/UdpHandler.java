package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.datagram.Datagram;
import dev.rallypoint.transport.datagram.DatagramPort;
import dev.rallypoint.transport.datagram.LocalEnd;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Serves the datagrams of UDP 21116: registrations, the NAT test, and a target's PunchHoleSent. An
 * answer leaves from the address that was asked, and goes to the datagram's source only, because
 * anybody can write any source on a datagram and so no payload may name an address that the server
 * writes to. Messages that only servers send are not answered, so that two servers cannot answer
 * each other endlessly.
 */
final class UdpHandler {
  /**
   * Heartbeats that may wait for the directory's answer. More are dropped; their clients send the
   * next one after 3 s.
   */
  private static final int MAX_QUESTIONS = 20_000;

  private static final Set<UnionCase> REGISTRATIONS =
      EnumSet.of(UnionCase.REGISTER_PEER, UnionCase.REGISTER_PK, UnionCase.TEST_NAT_REQUEST);

  private static final byte[] HEARTBEAT_OK = Replies.registerPeer(false).toByteArray();
  private static final byte[] KEY_REQUIRED = Replies.registerPeer(true).toByteArray();

  private final DatagramPort port;
  private final ConnectionContext context;
  private final PeerDirectory directory;
  private final Counters counters;
  private final UdpWriters writers;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean isLeaving;

  /**
   * @param writers what writes to peers that register by UDP
   */
  UdpHandler(DatagramPort port, ConnectionContext context, UdpWriters writers) {
    this.port = port;
    this.context = context;
    this.directory = context.directory();
    this.counters = context.counters();
    this.writers = writers;
  }

  /** Leaves registrations unanswered from now on, so that clients register with another node. */
  void leave() {
    isLeaving = true;
  }

  /** Serves one datagram; called for one after the other. */
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
      case REGISTER_PEER -> onRegisterPeer(message.getRegisterPeer(), from, datagram.at());
      case REGISTER_PK -> onRegisterPk(message.getRegisterPk(), from, datagram.at());
      case TEST_NAT_REQUEST -> {
        context.countNatTest(message.getTestNatRequest());
        port.send(from, datagram.at(), Replies.testNat(from.port()).toByteArray());
      }
      case PUNCH_HOLE_SENT -> {
        ByteString requester = message.getPunchHoleSent().getSocketAddr();
        if (!context.punch().answers().deliver(requester, message, from, true)) {
          counters.dropped(DropReason.ANSWER_UNASKED);
        }
      }
      // Their source must be verified, so they are taken over TCP only.
      case PUNCH_HOLE_REQUEST, LOCAL_ADDR, REQUEST_RELAY, RELAY_RESPONSE ->
          counters.dropped(DropReason.DATAGRAM_UNVERIFIED);
      default -> counters.dropped(DropReason.DATAGRAM_UNEXPECTED);
    }
  }

  private void onRegisterPeer(RegisterPeer heartbeat, PeerAddress from, LocalEnd at) {
    Optional<PeerId> id = PeerId.parse(heartbeat.getId());
    if (id.isEmpty() || !id.get().isRegistrable()) {
      counters.dropped(DropReason.REGISTRATION_MALFORMED);
      return;
    }
    ActorRef<Link.HandlerMessage> writer = writers.at(at);
    if (directory.heartbeatFromLease(id.get(), from, writer.narrow())) {
      port.send(from, at, HEARTBEAT_OK);
    } else if (questions.incrementAndGet() > MAX_QUESTIONS) {
      questions.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY, from, Way.DATAGRAM);
    } else {
      directory
          .heartbeatFromEntity(id.get(), from, writer.narrow())
          .whenComplete((keyRequired, failure) -> {
            questions.decrementAndGet();
            if (keyRequired != null) {
              port.send(from, at, keyRequired ? KEY_REQUIRED : HEARTBEAT_OK);
            }
          });
    }
  }

  private void onRegisterPk(RegisterPk message, PeerAddress from, LocalEnd at) {
    ActorRef<Link.HandlerMessage> writer = writers.at(at);
    if (directory.beginClaim()) {
      context
          .registrar()
          .tell(new Registrar.Claim(message, from, writer.narrow(), false, writer.narrow()));
    }
  }
}
