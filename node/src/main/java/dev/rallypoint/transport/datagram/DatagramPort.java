package dev.rallypoint.transport.datagram;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.ListenAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound UDP socket that receives and sends. On Linux each datagram comes with the address of this
 * machine that it was sent to, and an answer leaves from there; on other systems the system chooses
 * where an answer leaves from. The socket stays open whatever happens to a single datagram: a send
 * that fails is counted and dropped, because UDP promises nothing and a client asks again.
 *
 * <p>Safe for all threads. Its datagrams are read by {@link DatagramIngress}.
 */
public final class DatagramPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramPort.class);

  /**
   * Bytes of kernel buffer to ask for where no other number is given: enough for some ten thousand
   * heartbeats, which a fleet sends at once after an outage. The kernel takes them when they come.
   */
  public static final int RECEIVE_BUFFER = 8 << 20;

  /** The most datagrams that one call takes. */
  static final int BATCH = 64;

  private static final int FEW = 8;

  /** How long a receive waits for a datagram before it returns none. */
  static final int WAIT_MILLIS = 1_000;

  private final DatagramChannel channel;
  private final InetSocketAddress address;
  private final int receiveBuffer;
  private final Counters counters;
  private final @Nullable LinuxSocket linux;
  private final @Nullable Selector selector; // where there is no Linux socket
  private @Nullable ByteBuffer buffer;
  private volatile Runnable onClose = () -> {};

  private DatagramPort(
      DatagramChannel channel, @Nullable LinuxSocket linux, int receiveBuffer, Counters counters)
      throws IOException {
    this.channel = channel;
    this.linux = linux;
    this.address = (InetSocketAddress) channel.getLocalAddress();
    this.receiveBuffer = receiveBuffer;
    this.counters = counters;
    if (linux == null) {
      this.selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
    } else {
      this.selector = null;
      linux.block(WAIT_MILLIS);
    }
  }

  /**
   * Binds a socket.
   *
   * @param receiveBuffer bytes of kernel buffer to ask for, 0 for as many as the system allows up
   *     to {@link #RECEIVE_BUFFER}
   * @throws IOException when the address cannot be bound
   */
  public static DatagramPort bind(InetSocketAddress address, int receiveBuffer, Counters counters)
      throws IOException {
    return bind(address, receiveBuffer, true, counters);
  }

  static DatagramPort bind(
      InetSocketAddress address, int receiveBuffer, boolean withLinux, Counters counters)
      throws IOException {
    boolean isV6 = ListenAddress.hasIpv6();
    ProtocolFamily family = isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    DatagramChannel channel = open(family, receiveBuffer);
    try {
      channel.configureBlocking(false);
      LinuxSocket linux = withLinux ? LinuxSocket.of(channel, isV6) : null;
      channel.bind(address);
      int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
      DatagramPort port = new DatagramPort(channel, linux, granted, counters);
      port.tellOfBuffer(receiveBuffer);
      return port;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static DatagramChannel open(ProtocolFamily family, int receiveBuffer) throws IOException {
    DatagramChannel channel = DatagramChannel.open(family);
    int before = channel.getOption(StandardSocketOptions.SO_RCVBUF);
    channel.setOption(
        StandardSocketOptions.SO_RCVBUF, receiveBuffer > 0 ? receiveBuffer : RECEIVE_BUFFER);
    if (receiveBuffer > 0 || channel.getOption(StandardSocketOptions.SO_RCVBUF) >= before) {
      return channel;
    }
    channel.close(); // the system's default is more than one may ask for
    return DatagramChannel.open(family);
  }

  private void tellOfBuffer(int asked) {
    int wanted = asked > 0 ? asked : RECEIVE_BUFFER;
    if (receiveBuffer < wanted) {
      LOG.info(
          "the kernel keeps at most {} bytes of datagrams for UDP {} until they are read, and {}"
              + " were asked for; raise the system's limit, on Linux net.core.rmem_max",
          receiveBuffer,
          address.getPort(),
          wanted);
    }
  }

  /** Where the socket is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** The bytes of kernel buffer that the system has granted. */
  int receiveBuffer() {
    return receiveBuffer;
  }

  /**
   * Sends one datagram, or counts why it could not.
   *
   * @param from where the datagram that is answered had come to, or {@link LocalEnd#ANY}
   */
  public void send(PeerAddress to, LocalEnd from, byte[] payload) {
    if (!to.isSendable()) {
      counters.dropped(DropReason.DATAGRAM_SOURCE);
    } else if (isSent(to, from, payload)) {
      counters.count(Event.DATAGRAMS_SENT);
    } else {
      counters.dropped(DropReason.DATAGRAM_NOT_SENT);
    }
  }

  /**
   * False when the kernel's buffer is full, or for an unreachable network, a firewall's refusal, an
   * IPv6 target on an IPv4 socket.
   */
  private boolean isSent(PeerAddress to, LocalEnd from, byte[] payload) {
    if (linux != null) {
      return linux.send(to, from, payload);
    }
    try {
      int sent = channel.send(ByteBuffer.wrap(payload), to.toSocketAddress());
      return sent > 0 || payload.length == 0;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /**
   * Receives datagrams, {@link #BATCH} at most, and has each handled. For one thread.
   *
   * @param isToWait whether to wait for the first one, {@link #WAIT_MILLIS} at most
   * @return fewer than {@link #BATCH} when there was no other
   * @throws IOException by an error of one receive, such as an ICMP answer to an earlier send; the
   *     socket goes on
   */
  int serve(DatagramHandler handler, HandlerFaults faults, boolean isToWait) throws IOException {
    if (linux == null) {
      if (isToWait) {
        await(WAIT_MILLIS);
      }
      List<Datagram> batch = receive();
      counters.count(Event.DATAGRAMS_RECEIVED, batch.size());
      batch.forEach(datagram -> faults.isDone("a datagram", () -> handler.onDatagram(datagram)));
      handler.onBatchEnd();
      return batch.size();
    }
    int count = linux.receive(isToWait);
    counters.count(Event.DATAGRAMS_RECEIVED, count);
    int answered = 0;
    for (int i = 0; i < count; i++) {
      answered += linux.serve(linux.get(i), handler, faults) ? 1 : 0;
    }
    handler.onBatchEnd(); // what is counted is so before an answer comes
    if (answered > 0) {
      int failed = linux.sendAnswers();
      counters.count(Event.DATAGRAMS_SENT, answered - failed);
      counters.dropped(DropReason.DATAGRAM_NOT_SENT, failed);
    }
    return count;
  }

  /** Receives the datagrams that have come, without waiting, {@link #BATCH} at most. */
  List<Datagram> receive() throws IOException {
    List<Datagram> batch = new ArrayList<>(FEW);
    if (linux != null) {
      int count = linux.receive(false);
      for (int i = 0; i < count; i++) {
        batch.add(linux.get(i).copy());
      }
      return batch;
    }
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(Message.MOST);
    }
    while (batch.size() < BATCH && channel.isOpen()) {
      InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
      if (from == null) {
        break;
      }
      byte[] payload = new byte[buffer.flip().remaining()];
      buffer.get(payload);
      batch.add(new Datagram(PeerAddress.of(from), LocalEnd.ANY, payload));
    }
    return batch;
  }

  /** Waits until a datagram has come or the socket is closed, where there is no Linux socket. */
  void await(int millis) throws IOException {
    if (selector == null) {
      return;
    }
    try {
      selector.select(millis);
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException e) {
      return; // so is the socket
    }
    if (Thread.interrupted()) {
      throw new InterruptedIOException("the thread of UDP " + address.getPort());
    }
  }

  /** Counts the datagrams that the kernel has dropped since the last call; their number. */
  long countKernelDrops() {
    long drops = linux == null ? 0 : linux.newDrops();
    counters.dropped(DropReason.DATAGRAM_BUFFER_FULL, drops);
    return drops;
  }

  /** Runs a step before the socket is closed. */
  void onClose(Runnable step) {
    onClose = step;
  }

  boolean isOpen() {
    return linux == null ? channel.isOpen() : linux.isOpen();
  }

  Counters counters() {
    return counters;
  }

  @Override
  public void close() throws IOException {
    onClose.run();
    closeSocket();
  }

  void closeSocket() throws IOException {
    if (linux == null) {
      channel.close();
    } else {
      linux.close();
    }
    if (selector != null) {
      selector.close(); // wakes who waits
    }
  }
}
