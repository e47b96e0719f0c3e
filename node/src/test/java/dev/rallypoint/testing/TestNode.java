package dev.rallypoint.testing;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorSystem;

/** A whole node on free ports of this machine. */
public final class TestNode implements AutoCloseable {
  /** The server key pair of wire-protocol's test vectors. */
  public static final SigningKey KEYS = SigningKey.ofSeed(seed());

  private static final int ATTEMPTS = 50;

  private final Node node;
  private final String ip;
  private final int port;

  TestNode(Node node, String ip, int port) {
    this.node = node;
    this.ip = ip;
    this.port = port;
  }

  /** Starts with the key of the vectors, which clients must name. */
  public static TestNode start(TestSettings settings) {
    return start(settings, KEYS.publicKey().text());
  }

  /** Starts with an access key; an empty one serves everybody. */
  public static TestNode start(TestSettings settings, String accessKey) {
    ServerKey key = new ServerKey(Optional.of(KEYS), new AccessKey(accessKey));
    for (int attempt = 1; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7;
      try {
        return new TestNode(Node.start(settings.on(port), key, end -> {}), "127.0.0.1", port);
      } catch (SettingException taken) {
        if (attempt == ATTEMPTS || !taken.getMessage().contains("port")) {
          throw taken;
        }
      }
    }
  }

  /** Starts on this port, such as that of a node that has ended. */
  public static TestNode startAt(TestSettings settings, int port) {
    ServerKey key = new ServerKey(Optional.of(KEYS), new AccessKey(KEYS.publicKey().text()));
    return new TestNode(Node.start(settings.on(port), key, end -> {}), "127.0.0.1", port);
  }

  private static byte[] seed() {
    byte[] seed = new byte[32];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    return seed;
  }

  public PublicKey key() {
    return KEYS.publicKey();
  }

  public Counters counters() {
    return node.counters();
  }

  /** The ip it listens on. */
  public String ip() {
    return ip;
  }

  public int port() {
    return port;
  }

  public NodeSettings settings() {
    return node.settings();
  }

  /** A TCP connection to the ID server's main port. */
  public TcpClient control() {
    return to(port);
  }

  /** A TCP connection to the NAT test port. */
  public TcpClient natTest() {
    return to(port - 1);
  }

  /** A TCP connection to the relay. */
  public TcpClient relay() {
    return to(port + 1);
  }

  /** A WebSocket connection to the ID server, by the path of a client with a proxy in front. */
  public WsClient webSocket() {
    return new WsClient(ip, port + 2, "/ws/id");
  }

  /** A WebSocket connection to the relay. */
  public WsClient webSocketRelay() {
    return new WsClient(ip, port + 3, "/");
  }

  /** A UDP socket that talks to the ID server. */
  public UdpClient udp() {
    try {
      return new UdpClient(ip, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A UDP socket on an ip of this machine, such as 127.0.0.2, that talks to the ID server. */
  public UdpClient udpFrom(String from) {
    try {
      return new UdpClient(from, ip, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TcpClient to(int target) {
    return TcpClient.between("127.0.0.1", ip, target);
  }

  /** Returns once the node has ended by itself. */
  public void awaitTermination() {
    node.awaitTermination();
  }

  /** The node's actor system. */
  public ActorSystem<?> system() {
    return node.system();
  }

  Node running() {
    return node;
  }

  @Override
  public void close() {
    node.close();
  }
}
