package dev.rallypoint.app.doctor.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A server that says what hbbs and hbbr are known to say, and no more: no key exchange, no NAT test
 * by UDP, no registration by TCP.
 */
final class ServerLikeHbbs implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int ATTEMPTS = 50;

  private final SigningKey pair;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, SocketAddress> homes = new ConcurrentHashMap<>();
  private final Map<String, ByteString> keys = new ConcurrentHashMap<>();
  private final Map<PeerAddress, Socket> requesters = new ConcurrentHashMap<>();
  private final Map<String, Socket> waiting = new ConcurrentHashMap<>();
  private int port;
  private @Nullable DatagramSocket udp;

  private ServerLikeHbbs(SigningKey pair) {
    this.pair = pair;
  }

  static ServerLikeHbbs start(SigningKey pair) {
    for (int attempt = 1; ; attempt++) {
      ServerLikeHbbs server = new ServerLikeHbbs(pair);
      try {
        server.open(ThreadLocalRandom.current().nextInt(30_000, 32_000) & ~7);
        return server;
      } catch (IOException taken) {
        server.close();
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(taken);
        }
      }
    }
  }

  private void open(int base) throws IOException {
    port = base;
    DatagramSocket datagrams = new DatagramSocket(new InetSocketAddress(LOOPBACK, base));
    open.add(datagrams);
    udp = datagrams;
    Thread.ofVirtual().start(() -> datagrams(datagrams));
    listen(base, this::control);
    listen(base - 1, this::control);
    listen(base + 1, this::relay);
  }

  int port() {
    return port;
  }

  private interface Handler {
    void handle(Socket client) throws Exception;
  }

  private void listen(int number, Handler handler) throws IOException {
    ServerSocket listener = new ServerSocket();
    open.add(listener);
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(LOOPBACK, number));
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              Socket client = listener.accept();
              Thread.ofVirtual().start(() -> handled(client, handler));
            }
          } catch (IOException closed) {
            // The test is over.
          }
        });
  }

  private static void handled(Socket client, Handler handler) {
    try {
      handler.handle(client);
    } catch (Exception e) {
      // As hbbs: the connection is closed.
    }
  }

  private void datagrams(DatagramSocket socket) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(packet);
        RendezvousMessage message =
            RendezvousMessage.parseFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        if (message.hasRegisterPeer()) {
          String id = message.getRegisterPeer().getId();
          homes.put(id, packet.getSocketAddress());
          send(socket, packet.getSocketAddress(), Replies.registerPeer(!keys.containsKey(id)));
        } else if (message.hasRegisterPk()) {
          keys.put(message.getRegisterPk().getId(), message.getRegisterPk().getPk());
          send(socket, packet.getSocketAddress(), Replies.registerPk(Result.OK));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void send(DatagramSocket socket, SocketAddress to, RendezvousMessage message)
      throws IOException {
    byte[] bytes = message.toByteArray();
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private void control(Socket client) throws Exception {
    PeerAddress from = PeerAddress.of((InetSocketAddress) client.getRemoteSocketAddress());
    RendezvousMessage message = first(client);
    switch (message.getUnionCase()) {
      case TEST_NAT_REQUEST -> {
        write(client, Replies.testNat(from.port()));
        client.close();
      }
      case PUNCH_HOLE_REQUEST -> punch(client, from, message.getPunchHoleRequest());
      case LOCAL_ADDR -> {
        var local = message.getLocalAddr();
        answer(AddressMangler.decode(local.getSocketAddr()), local.getId(), local.getLocalAddr());
        client.close();
      }
      default -> client.close();
    }
  }

  private void punch(Socket client, PeerAddress from, PunchHoleRequest request) throws IOException {
    SocketAddress home = homes.get(request.getId());
    if (!request.getLicenceKey().equals(pair.publicKey().text())) {
      write(client, Replies.punchFailed(PunchHoleResponse.Failure.LICENSE_MISMATCH));
    } else if (home == null) {
      write(client, Replies.punchFailed(PunchHoleResponse.Failure.ID_NOT_EXIST));
    } else {
      requesters.put(from, client);
      send(
          Objects.requireNonNull(udp),
          home,
          RendezvousMessage.newBuilder()
              .setFetchLocalAddr(
                  FetchLocalAddr.newBuilder().setSocketAddr(AddressMangler.encode(from, 12_345)))
              .build());
    }
  }

  private void answer(PeerAddress requester, String id, ByteString local) throws IOException {
    Socket client = requesters.remove(requester);
    ByteString key = keys.get(id);
    if (client != null && key != null) {
      write(
          client,
          RendezvousMessage.newBuilder()
              .setPunchHoleResponse(
                  PunchHoleResponse.newBuilder()
                      .setSocketAddr(local)
                      .setIsLocal(true)
                      .setPk(SignedPeerKey.sign(pair, new PeerId(id), new PublicKey(key))))
              .build());
    }
  }

  private void relay(Socket client) throws Exception {
    String uuid = first(client).getRequestRelay().getUuid();
    Socket partner = waiting.putIfAbsent(uuid, client);
    if (partner != null) {
      Thread.ofVirtual().start(() -> copy(client, partner));
      copy(partner, client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // A side is gone.
    }
  }

  /** Reads one frame and not a byte more. */
  private static RendezvousMessage first(Socket client) throws Exception {
    FrameDecoder decoder = new FrameDecoder(4_096);
    byte[] payload = null;
    while (payload == null) {
      int next = client.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed");
      }
      decoder.feed(ByteBuffer.wrap(new byte[] {(byte) next}));
      payload = decoder.poll();
    }
    return RendezvousMessage.parseFrom(payload);
  }

  private static void write(Socket client, RendezvousMessage message) throws IOException {
    client.getOutputStream().write(FrameEncoder.encode(message.toByteArray()));
  }

  @Override
  public void close() {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
