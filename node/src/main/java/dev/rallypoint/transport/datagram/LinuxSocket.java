package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives and sends on a channel's socket by recvmmsg(2) and sendmsg(2), which tell to which
 * address of this machine a datagram came, and from which one an answer is to leave. The JDK's
 * channels have neither. Safe for all threads.
 *
 * <p>The descriptor is good only while the channel is open, so that the channel is closed by {@link
 * #close} only, when no call is under way.
 */
final class LinuxSocket {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxSocket.class);

  private final DatagramChannel channel;
  private final int descriptor;
  private final boolean isV6;
  private final Lock receiving = new ReentrantLock();
  private final Lock sending = new ReentrantLock();
  private final SocketCalls receiver = new SocketCalls();
  private final SocketCalls sender = new SocketCalls();
  private final MessageVector received;
  private final Message sent;
  private long drops;

  private LinuxSocket(DatagramChannel channel, boolean isV6) throws IOException {
    this.channel = channel;
    this.isV6 = isV6;
    this.descriptor = SocketCalls.descriptor(channel);
    this.received = new MessageVector(isV6, DatagramPort.BATCH);
    this.sent = new Message(isV6);
    Message.request(receiver, descriptor, isV6);
  }

  /** The socket of a channel that does not block, or null where the system has no such calls. */
  static @Nullable LinuxSocket of(DatagramChannel channel, boolean isV6) {
    if (!System.getProperty("os.name", "").equals("Linux") || ADDRESS.byteSize() != Long.BYTES) {
      return null;
    }
    try {
      return new LinuxSocket(channel, isV6);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.warn(
          "answers by UDP leave from the address that the system chooses, which on a machine with"
              + " several addresses may be another than the one asked: {}",
          e instanceof ExceptionInInitializerError ? String.valueOf(e.getCause()) : e.toString());
      return null;
    }
  }

  /** Adds the datagrams that have come to a list, {@link DatagramPort#BATCH} at most. */
  void receive(List<Datagram> batch) throws IOException {
    receiving.lock();
    try {
      if (!channel.isOpen()) {
        return;
      }
      int count = receiver.receive(descriptor, received.segment(), received.most());
      if (count >= 0) {
        received.take(count, batch);
      } else if (receiver.errno() != SocketCalls.EAGAIN) {
        throw new IOException("recvmmsg failed with error " + receiver.errno());
      }
    } finally {
      receiving.unlock();
    }
  }

  /**
   * Sends one datagram from an address of this machine. Where the machine has lost that address it
   * leaves from the one that the kernel chooses.
   */
  boolean send(PeerAddress to, LocalEnd from, byte[] payload) {
    if (!isV6 && !to.isV4() || payload.length > Message.MOST) {
      return false;
    }
    sending.lock();
    try {
      if (!channel.isOpen()) {
        return false;
      }
      if (sender.send(descriptor, sent.toSend(to, from, payload)) >= 0) {
        return true;
      }
      return from != LocalEnd.ANY
          && isForeign(sender.errno())
          && sender.send(descriptor, sent.toSend(to, LocalEnd.ANY, payload)) >= 0;
    } finally {
      sending.unlock();
    }
  }

  /** Whether a call failed because this machine has no such address, or no such interface. */
  private static boolean isForeign(int errno) {
    return switch (errno) {
      case SocketCalls.EINVAL,
          SocketCalls.ENODEV,
          SocketCalls.EADDRNOTAVAIL,
          SocketCalls.ENETUNREACH ->
          true;
      default -> false;
    };
  }

  /** The datagrams that the kernel has dropped since the last call, for want of buffer. */
  long newDrops() {
    receiving.lock();
    try {
      long now = channel.isOpen() ? receiver.drops(descriptor) : -1;
      if (now < 0) {
        return 0;
      }
      long more = now - drops & 0xFFFF_FFFFL;
      drops = now;
      return more;
    } finally {
      receiving.unlock();
    }
  }

  /** Closes the channel. */
  void close() throws IOException {
    receiving.lock();
    sending.lock();
    try {
      channel.close();
    } finally {
      sending.unlock();
      receiving.unlock();
    }
  }
}
