package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * A bound UDP socket that sends. It stays open whatever happens to a single datagram: a send that
 * fails is counted and dropped, because UDP promises nothing and a client asks again.
 *
 * <p>Safe for all threads. Its datagrams are read by {@link DatagramIngress}.
 */
public final class DatagramPort implements AutoCloseable {
  private final DatagramChannel channel;
  private final InetSocketAddress address;
  private final Counters counters;
  private volatile Runnable onClose = () -> {};

  private DatagramPort(DatagramChannel channel, InetSocketAddress address, Counters counters) {
    this.channel = channel;
    this.address = address;
    this.counters = counters;
  }

  /**
   * Binds a socket.
   *
   * @param receiveBuffer bytes of kernel buffer to ask for, 0 for the system's default
   * @throws IOException when the address cannot be bound
   */
  public static DatagramPort bind(InetSocketAddress address, int receiveBuffer, Counters counters)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      if (receiveBuffer > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      channel.bind(address);
      channel.configureBlocking(false);
      return new DatagramPort(channel, (InetSocketAddress) channel.getLocalAddress(), counters);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Where the socket is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** Sends one datagram, or counts why it could not. */
  public void send(PeerAddress to, byte[] payload) {
    if (!to.isSendable()) {
      counters.dropped(DropReason.DATAGRAM_SOURCE);
      return;
    }
    try {
      if (channel.send(ByteBuffer.wrap(payload), to.toSocketAddress()) == 0 && payload.length > 0) {
        counters.dropped(DropReason.DATAGRAM_NOT_SENT); // the kernel's buffer is full
      } else {
        counters.count(Event.DATAGRAMS_SENT);
      }
    } catch (IOException | RuntimeException e) {
      // Unreachable network, a firewall's refusal, an IPv6 target on an IPv4 socket.
      counters.dropped(DropReason.DATAGRAM_NOT_SENT);
    }
  }

  /** Runs a step before the socket is closed. */
  void onClose(Runnable step) {
    onClose = step;
  }

  DatagramChannel channel() {
    return channel;
  }

  Counters counters() {
    return counters;
  }

  @Override
  public void close() throws IOException {
    onClose.run();
    channel.close();
  }
}
