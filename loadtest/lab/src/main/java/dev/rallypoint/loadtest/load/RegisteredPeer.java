package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.registration.RegistrationSchedule;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/** One peer of a {@link PeerGroup}: an id, a device, and a UDP socket with a source address. */
public final class RegisteredPeer {
  private static final int SERIAL = 3;

  private final String id;
  private final ByteString uuid;
  private final ByteString key;
  private volatile InetAddress address;
  private volatile DatagramChannel channel;
  private final RegistrationSchedule schedule;
  private int node;
  private long sentAt;
  private boolean confirmed;
  private volatile int home;
  private volatile long acknowledgedAt;

  /** Opens the socket; called on a thread in the network of the clients. */
  RegisteredPeer(
      String id, Device device, InetAddress address, RegistrationSchedule schedule, int node)
      throws IOException {
    this.id = id;
    this.uuid = device.uuid();
    this.key = device.key().publicKey().bytes();
    this.address = address;
    this.channel = open(address);
    this.schedule = schedule;
    this.node = node;
  }

  private static DatagramChannel open(InetAddress address) throws IOException {
    DatagramChannel opened = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      opened.bind(new InetSocketAddress(address, 0));
      opened.configureBlocking(false);
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /** The id. */
  public String id() {
    return id;
  }

  /** The node that acknowledged the last registration, or 0. */
  public int home() {
    return home;
  }

  /** When the last registration was acknowledged, as {@code System.nanoTime}; 0 for never. */
  public long acknowledgedAt() {
    return acknowledgedAt;
  }

  /** The public key that it registers. */
  public ByteString key() {
    return key;
  }

  InetAddress address() {
    return address;
  }

  DatagramChannel channel() {
    return channel;
  }

  RegistrationSchedule schedule() {
    return schedule;
  }

  /** The node that it sends its registrations to. */
  int node() {
    return node;
  }

  void setNode(int other) {
    node = other;
  }

  /** Records that a registration is sent. */
  void onSent(long now) {
    sentAt = now;
  }

  /** When the last registration was sent, as {@code System.nanoTime}. */
  long sentAt() {
    return sentAt;
  }

  /** Continues from another source address, with a new socket. */
  void changeAddress(InetAddress other) throws IOException {
    DatagramChannel opened = open(other);
    close();
    address = other;
    channel = opened;
  }

  /** Closes the socket. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The socket is not used any more.
    }
  }

  /** Records that a node acknowledged a registration. */
  void onAcknowledged(int which, long now) {
    home = which;
    acknowledgedAt = now;
  }

  /** Records that the server has accepted the key. */
  void onKeyAccepted() {
    confirmed = true;
  }

  /** The next registration: RegisterPeer once the key was accepted, RegisterPk before. */
  RendezvousMessage registration() {
    return confirmed ? registerPeer() : registerPk();
  }

  private RendezvousMessage registerPeer() {
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
