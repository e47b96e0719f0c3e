package dev.rallypoint.app.doctor.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.app.doctor.RegistrationVerdicts;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.time.WallClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that registers an id of its own, hears that somebody wants to connect, and answers. The
 * id is drawn anew for each run; the server keeps it as it keeps any id that is not used again.
 */
final class ThrowAwayDevice implements AutoCloseable {
  private static final String PREFIX = "doctor-";
  private static final int LETTERS = 8;

  private final ServerName server;
  private final InetSocketAddress address;
  private final WallClock clock;
  private final SecureRandom random = new SecureRandom();
  private final String id = PREFIX + letters(random);
  private final UdpLink udp;
  private @Nullable FrameLink link;
  private boolean isRegistered;

  private ThrowAwayDevice(
      ServerName server, InetSocketAddress address, UdpLink udp, WallClock clock) {
    this.server = server;
    this.address = address;
    this.udp = udp;
    this.clock = clock;
  }

  /** A device that is not registered yet. */
  static ThrowAwayDevice of(ServerName server, InetAddress host, WallClock clock)
      throws NoAnswerException {
    InetSocketAddress address = new InetSocketAddress(host, server.port());
    return new ThrowAwayDevice(server, address, UdpLink.to(address), clock);
  }

  /** What it is told to connect from, and the relay it is to use. */
  record Told(ByteString requester, String relayServer, boolean isNeighbour) {
    /** The requester's address as the server sees it. */
    PeerAddress seen() {
      return AddressMangler.decode(requester);
    }
  }

  String id() {
    return id;
  }

  /** Registers by UDP, or by TCP when nothing comes back; takes 6 s at most. */
  RegistrationVerdicts register() {
    RendezvousMessage claim = claim();
    try {
      RendezvousMessage answer = udp.ask(List.of(claim), RendezvousMessage::hasRegisterPkResponse);
      RegistrationVerdicts registered = verdict(answer, false);
      if (registered.isRegistered()) {
        // hbbs takes the address with a heartbeat only.
        udp.ask(List.of(Questions.heartbeat(id)), RendezvousMessage::hasRegisterPeerResponse);
      }
      return registered;
    } catch (NoAnswerException silent) {
      return registerByTcp(claim);
    }
  }

  private RegistrationVerdicts registerByTcp(RendezvousMessage claim) {
    try {
      FrameLink opened = FrameLink.to(address);
      link = opened;
      RendezvousMessage first = opened.receive();
      Optional<PublicKey> key = PublicKey.parse(server.key());
      if (first.hasKeyExchange() && key.isPresent()) {
        EncryptedLinkProbe.secure(opened, key.get(), first.getKeyExchange());
      }
      opened.send(claim);
      return verdict(opened.answer(), true);
    } catch (NoAnswerException | HandshakeException e) {
      return new RegistrationVerdicts(id, Optional.empty(), false);
    }
  }

  private RegistrationVerdicts verdict(RendezvousMessage answer, boolean isByTcp) {
    RegistrationVerdicts verdict =
        new RegistrationVerdicts(
            id, Optional.of(answer.getRegisterPkResponse().getResult()), isByTcp);
    isRegistered = verdict.isRegistered();
    return verdict;
  }

  boolean isRegistered() {
    return isRegistered;
  }

  private RendezvousMessage claim() {
    byte[] uuid = new byte[16];
    random.nextBytes(uuid);
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder()
                .setId(id)
                .setUuid(ByteString.copyFrom(uuid))
                .setPk(SigningKey.generate(random).publicKey().bytes()))
        .build();
  }

  /** Waits until it is told of a requester; empty when it is not. */
  Optional<Told> awaitRequester() {
    try {
      FrameLink tcp = link;
      return told(
          tcp == null
              ? udp.await(message -> told(message).isPresent(), FrameLink.PATIENCE_MILLIS)
              : tcp.answer());
    } catch (NoAnswerException e) {
      return Optional.empty();
    }
  }

  private static Optional<Told> told(RendezvousMessage message) {
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE -> {
        PunchHole push = message.getPunchHole();
        yield Optional.of(new Told(push.getSocketAddr(), push.getRelayServer(), false));
      }
      case FETCH_LOCAL_ADDR -> {
        FetchLocalAddr push = message.getFetchLocalAddr();
        yield Optional.of(new Told(push.getSocketAddr(), push.getRelayServer(), true));
      }
      default -> Optional.empty();
    };
  }

  /** Answers a requester on a connection of its own, as devices do. */
  void answer(Told told) throws NoAnswerException {
    try (FrameLink fresh = FrameLink.to(address)) {
      fresh.send(told.isNeighbour ? local(told, fresh.local()) : punched(told));
      try {
        fresh.answer(); // the server closes when it has taken it
      } catch (NoAnswerException closed) {
        // As it should; a server that keeps it open has read it by now too.
      }
    }
  }

  private RendezvousMessage punched(Told told) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(told.requester)
                .setId(id)
                .setRelayServer(told.relayServer)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion(Questions.VERSION))
        .build();
  }

  private RendezvousMessage local(Told told, PeerAddress own) {
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(told.seen(), clock.micros()))
                .setLocalAddr(AddressMangler.encode(own, clock.micros()))
                .setId(id)
                .setRelayServer(told.relayServer)
                .setVersion(Questions.VERSION))
        .build();
  }

  private static String letters(SecureRandom random) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < LETTERS; i++) {
      letters.append(Character.forDigit(random.nextInt(36), 36));
    }
    return letters.toString();
  }

  @Override
  public void close() {
    udp.close();
    FrameLink open = link;
    if (open != null) {
      open.close();
    }
  }
}
