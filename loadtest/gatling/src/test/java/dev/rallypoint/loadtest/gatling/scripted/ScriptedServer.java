package dev.rallypoint.loadtest.gatling.scripted;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A server with the least that registrations and punches need, and with faults on purpose. It
 * stands for a server under test that is broken.
 */
public final class ScriptedServer implements AutoCloseable {
  private final Faults faults;
  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final SigningKey otherKey = SigningKey.generate(new SecureRandom());
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, Registered> peers = new ConcurrentHashMap<>();
  private final Map<PeerAddress, Socket> requesters = new ConcurrentHashMap<>();
  private long beats;

  private record Registered(InetSocketAddress address, ByteString key) {}

  /**
   * What is wrong with the server.
   *
   * @param beatsAnsweredOf of so many heartbeats one stays unanswered; 0 for none
   * @param beatDelayMillis each heartbeat is answered so much later
   * @param signsWithOtherKey whether keys of peers are signed by another server
   */
  public record Faults(int beatsAnsweredOf, long beatDelayMillis, boolean signsWithOtherKey) {
    /** A server as it should be. */
    public static final Faults NONE = new Faults(0, 0, false);
  }

  /** Starts a server on a free port. */
  public ScriptedServer(Faults faults) throws IOException {
    this.faults = faults;
    this.tcp = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    this.udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::receive);
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /** The port of UDP and TCP. */
  public int port() {
    return tcp.getLocalPort();
  }

  /** The public key as users type it. */
  public String key() {
    return key.publicKey().text();
  }

  private void receive() {
    byte[] buffer = new byte[2048];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        onDatagram(
            RendezvousMessage.parseFrom(ByteString.copyFrom(buffer, 0, packet.getLength())),
            (InetSocketAddress) packet.getSocketAddress());
      } catch (IOException e) {
        // closed, or no message
      }
    }
  }

  private void onDatagram(RendezvousMessage message, InetSocketAddress from) throws IOException {
    switch (message.getUnionCase()) {
      case REGISTER_PK -> {
        peers.put(
            message.getRegisterPk().getId(), new Registered(from, message.getRegisterPk().getPk()));
        send(Replies.registerPk(RegisterPkResponse.Result.OK), from);
      }
      case REGISTER_PEER -> {
        beats++;
        if (faults.beatsAnsweredOf() > 0 && beats % faults.beatsAnsweredOf() == 0) {
          return;
        }
        if (faults.beatDelayMillis() == 0) {
          send(Replies.registerPeer(false), from);
        } else {
          later.schedule(
              () -> {
                send(Replies.registerPeer(false), from);
                return null;
              },
              faults.beatDelayMillis(),
              TimeUnit.MILLISECONDS);
        }
      }
      default -> throw new IllegalStateException("not scripted: " + message.getUnionCase());
    }
  }

  private void send(RendezvousMessage message, InetSocketAddress to) throws IOException {
    byte[] bytes = message.toByteArray();
    udp.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      // The server speaks first; clients that do not encrypt skip it.
      write(socket, ServerKeyExchange.create(key, new SecureRandom()).offer());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        onFrame(RendezvousMessage.parseFrom(read(in)), socket);
      }
    } catch (EOFException e) {
      // the client is done
    } catch (IOException e) {
      // reset by a client that has not read the KeyExchange
    } finally {
      requesters.remove(address(socket));
    }
  }

  private void onFrame(RendezvousMessage message, Socket socket) throws IOException {
    switch (message.getUnionCase()) {
      case PUNCH_HOLE_REQUEST -> onRequest(message.getPunchHoleRequest(), socket);
      case PUNCH_HOLE_SENT -> onSent(message.getPunchHoleSent(), socket);
      default -> throw new IllegalStateException("not scripted: " + message.getUnionCase());
    }
  }

  private void onRequest(PunchHoleRequest request, Socket socket) throws IOException {
    Registered target = peers.get(request.getId());
    if (!request.getLicenceKey().equals(key())) {
      write(socket, Replies.punchFailed(PunchHoleResponse.Failure.LICENSE_MISMATCH));
    } else if (target == null) {
      write(socket, Replies.punchFailed(PunchHoleResponse.Failure.ID_NOT_EXIST));
    } else {
      requesters.put(address(socket), socket);
      PunchHole push =
          PunchHole.newBuilder()
              .setSocketAddr(AddressMangler.encode(address(socket), 1))
              .setNatType(request.getNatType())
              .build();
      send(RendezvousMessage.newBuilder().setPunchHole(push).build(), target.address());
    }
  }

  private void onSent(PunchHoleSent sent, Socket target) throws IOException {
    Socket requester = requesters.get(AddressMangler.decode(sent.getSocketAddr()));
    if (requester == null) {
      return;
    }
    PublicKey registered = new PublicKey(Objects.requireNonNull(peers.get(sent.getId())).key());
    SigningKey signer = faults.signsWithOtherKey() ? otherKey : key;
    PunchHoleResponse answer =
        PunchHoleResponse.newBuilder()
            .setSocketAddr(AddressMangler.encode(address(target), 1))
            .setPk(SignedPeerKey.sign(signer, new PeerId(sent.getId()), registered))
            .build();
    write(requester, RendezvousMessage.newBuilder().setPunchHoleResponse(answer).build());
  }

  private static PeerAddress address(Socket socket) {
    return PeerAddress.of(socket.getInetAddress(), socket.getPort());
  }

  private static void write(Socket socket, RendezvousMessage message) throws IOException {
    socket.getOutputStream().write(FrameEncoder.encode(message.toByteArray()));
  }

  private static byte[] read(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    int value = first;
    for (int i = 1; i <= (first & 3); i++) {
      value |= in.readUnsignedByte() << (8 * i);
    }
    byte[] payload = new byte[value >>> 2];
    in.readFully(payload);
    return payload;
  }

  @Override
  public void close() throws IOException {
    later.shutdownNow();
    udp.close();
    tcp.close();
  }
}
