package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.RegistrationClock;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/** One registered peer of a crowd: an id, a device, a socket with an ip of its own. */
public final class LightPeer {
  private static final int SERIAL = 3;

  private final String id;
  private final ByteString uuid;
  private final ByteString key;
  private volatile InetAddress ip;
  private volatile DatagramChannel channel;
  private final RegistrationClock clock;
  private int node;
  private boolean confirmed;
  private volatile int home;
  private volatile long acknowledged;

  /** Opens its socket, on a thread inside the crowd's network. */
  LightPeer(Device device, InetAddress ip, RegistrationClock clock, int node) throws IOException {
    this.id = device.id();
    this.uuid = device.uuid();
    this.key = device.key();
    this.ip = ip;
    this.channel = open(ip);
    this.clock = clock;
    this.node = node;
  }

  /** Its id. */
  public String id() {
    return id;
  }

  /** The node that acknowledged it last, or 0. */
  public int home() {
    return home;
  }

  /** When it was acknowledged last, as {@code System.nanoTime}; 0 for never. */
  public long acknowledged() {
    return acknowledged;
  }

  /** What it registers as its public key. */
  public ByteString key() {
    return key;
  }

  InetAddress ip() {
    return ip;
  }

  DatagramChannel channel() {
    return channel;
  }

  RegistrationClock clock() {
    return clock;
  }

  /** The node its datagrams go to. */
  int node() {
    return node;
  }

  private static DatagramChannel open(InetAddress ip) throws IOException {
    DatagramChannel opened = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      opened.bind(new InetSocketAddress(ip, 0));
      opened.configureBlocking(false);
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /** From now on it is behind another ip, with another socket. */
  void carryTo(InetAddress other) throws IOException {
    DatagramChannel opened = open(other);
    close();
    ip = other;
    channel = opened;
  }

  /** Closes its socket. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is going away all the same.
    }
  }

  void turnTo(int other) {
    node = other;
  }

  boolean isConfirmed() {
    return confirmed;
  }

  void confirm(boolean isKnown) {
    confirmed = isKnown;
  }

  void acknowledgedBy(int which, long now) {
    home = which;
    acknowledged = now;
  }

  RendezvousMessage registerPeer() {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(SERIAL))
        .build();
  }

  RendezvousMessage registerPk() {
    return RendezvousMessage.newBuilder()
        .setRegisterPk(RegisterPk.newBuilder().setId(id).setUuid(uuid).setPk(key))
        .build();
  }
}
