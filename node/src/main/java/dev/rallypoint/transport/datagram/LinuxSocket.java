package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives and sends on a channel's socket by recvmmsg(2), sendmmsg(2) and sendmsg(2), which tell
 * to which address of this machine a datagram came, and from which one an answer is to leave. The
 * JDK's channels have neither. Safe for all threads.
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
  private final AnswerVector answers;
  private final Message sent;
  private volatile boolean isClosing;
  private long drops;

  private LinuxSocket(DatagramChannel channel, boolean isV6) throws IOException {
    this.channel = channel;
    this.isV6 = isV6;
    this.descriptor = SocketCalls.descriptor(channel);
    this.received = new MessageVector(isV6, DatagramPort.BATCH);
    this.answers = new AnswerVector(DatagramPort.BATCH, new FixedAnswer(new byte[0]));
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

  /** Has a receive wait for a datagram, so many milliseconds at most. */
  void block(int millis) throws IOException {
    channel.configureBlocking(true);
    receiver.setReceiveTimeout(descriptor, millis);
  }

  /**
   * Receives the datagrams that have come, {@link DatagramPort#BATCH} at most.
   *
   * @param isToWait whether to wait for the first one, where {@link #block} was called
   * @return how many; {@link #get} has them until the next call
   */
  int receive(boolean isToWait) throws IOException {
    receiving.lock();
    try {
      if (isClosing) {
        return 0;
      }
      received.toReceive();
      int count = receiver.receive(descriptor, received.segment(), received.most(), isToWait);
      if (isClosing) {
        return 0; // woken by the end, with datagrams that nobody has sent
      }
      if (count >= 0) {
        received.received(count);
        return count;
      }
      return switch (receiver.errno()) {
        case SocketCalls.EAGAIN, SocketCalls.EINTR -> 0;
        default -> throw new IOException("recvmmsg failed with error " + receiver.errno());
      };
    } finally {
      receiving.unlock();
    }
  }

  /** One of the datagrams of the last {@link #receive}; for the thread that received them. */
  Message get(int place) {
    return received.get(place);
  }

  /** Has a datagram of the last {@link #receive} handled; true when it has an answer to send. */
  boolean serve(Message datagram, DatagramHandler handler, HandlerFaults faults) {
    try {
      FixedAnswer answer = handler.answer(datagram);
      if (answer != null) {
        answers.add(datagram, answer);
        return true;
      }
      if (!handler.isRefused(datagram)) {
        handler.onDatagram(datagram.copy());
      }
    } catch (RuntimeException e) {
      faults.onFault("a datagram", e);
    } catch (OutOfMemoryError e) {
      faults.onFault("a datagram", e);
    }
    return false;
  }

  /**
   * Sends the answers, each one from where its datagram had come to.
   *
   * @return how many of them were not sent
   */
  int sendAnswers() {
    int count = answers.count();
    int failed = 0;
    for (int done = 0; done < count; ) {
      int sent = sendFrom(done, count - done);
      done += Math.max(0, sent);
      if (done < count) { // this one fails: alone it may leave from another address
        Message asked = answers.asked(done);
        boolean isSent = send(asked.source(), asked.end(), answers.answer(done).payload());
        failed += isSent ? 0 : 1;
        done++;
      }
    }
    answers.clear();
    return failed;
  }

  private int sendFrom(int place, int count) {
    receiving.lock();
    try {
      return isClosing ? 0 : receiver.sendAll(descriptor, answers.from(place), count);
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
      if (isClosing) {
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
      long now = isClosing ? -1 : receiver.drops(descriptor);
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

  boolean isOpen() {
    return !isClosing && channel.isOpen();
  }

  /** Wakes who waits for a datagram, and closes the channel. */
  void close() throws IOException {
    sending.lock();
    try {
      if (isClosing) {
        return;
      }
      isClosing = true;
      sender.shutdown(descriptor);
      receiving.lock();
      try {
        channel.close();
      } finally {
        receiving.unlock();
      }
    } finally {
      sending.unlock();
    }
  }
}
