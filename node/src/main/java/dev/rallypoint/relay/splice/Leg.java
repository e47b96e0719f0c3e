package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.FrameShare;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the relay: a client's, or a pipe to another node. It belongs to one loop at a
 * time and is touched by that loop's thread only, except for its number and address.
 */
public final class Leg extends DeadlineWheel.Entry implements RelayLeg {
  private static final Logger LOG = LoggerFactory.getLogger(Leg.class);

  private final long number;
  private final SocketChannel channel;
  private final PeerAddress peer;
  private final @Nullable ClientConnection client;
  private final FrameShare share;
  private volatile SpliceLoop loop;
  private @Nullable LegPhase phase;
  private @Nullable SelectionKey key;
  private boolean isClosed;

  private Leg(
      long number,
      SocketChannel channel,
      PeerAddress peer,
      @Nullable ClientConnection client,
      SpliceLoop loop) {
    this.number = number;
    this.channel = channel;
    this.peer = peer;
    this.client = client;
    this.loop = loop;
    this.share = new FrameShare(loop.memory());
  }

  /** A client's connection; the leg releases it when it closes. */
  static Leg ofClient(
      long number, SocketChannel channel, ClientConnection client, SpliceLoop loop) {
    return new Leg(number, channel, client.peer(), client, loop);
  }

  /** A connection that stands for a leg on another node. */
  static Leg ofPipe(long number, SocketChannel channel, PeerAddress node, SpliceLoop loop) {
    return new Leg(number, channel, node, null, loop);
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public PeerAddress address() {
    return client == null ? peer : client.address();
  }

  @Override
  public boolean isPipe() {
    return client == null;
  }

  SocketChannel channel() {
    return channel;
  }

  SpliceLoop loop() {
    return loop;
  }

  /** What it holds of the memory for bytes that nobody takes yet; given back when it closes. */
  FrameShare share() {
    return share;
  }

  boolean isClosed() {
    return isClosed;
  }

  @Nullable LegPhase phase() {
    return phase;
  }

  /** Runs something on the leg's loop, to whichever it has gone meanwhile; from any thread. */
  void execute(Consumer<Leg> task) {
    SpliceLoop asked = loop;
    asked.execute(() -> {
      if (loop == asked) {
        asked.guarded(() -> task.accept(this), this::onFault);
      } else {
        execute(task);
      }
    });
  }

  @Override
  public void dismiss(EndReason why) {
    execute(leg -> leg.abandon(why));
  }

  /** Begins on its loop, in a phase with a deadline; called once. */
  void begin(LegPhase first, long deadline) {
    if (loop.isStopping()) {
      close();
      return;
    }
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      register(first);
      loop.wheel().schedule(this, deadline);
    } catch (IOException e) {
      LOG.debug("leg {} of {} was gone at once", number, address(), e);
      close();
    }
  }

  /** Joins its loop's selector, if it is not there, in a phase, reading. */
  void register(LegPhase next) throws IOException {
    phase = next;
    if (key == null) {
      key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
    }
  }

  /** Goes on to another phase on the same loop. */
  void become(LegPhase next) {
    phase = next;
  }

  /** Leaves its loop for another, where it is not registered yet; or stays where it is. */
  void depart(SpliceLoop target) {
    loop.wheel().cancel(this);
    // A selector does not take a channel back before its cancelled key is swept out.
    if (key != null && target != loop) {
      key.cancel();
      key = null;
    }
    loop = target;
  }

  /** Sets what the leg waits for: reading, writing, both or nothing. */
  void want(boolean reading, boolean writing) {
    SelectionKey registered = key;
    if (registered != null && registered.isValid()) {
      int ops = (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0);
      if (registered.interestOps() != ops) {
        registered.interestOps(ops);
      }
    }
  }

  @Override
  void onDeadline(long now) {
    if (!isClosed && phase != null) {
      phase.onDeadline(this, now);
    }
  }

  @Override
  void onFault() {
    abandon(EndReason.RESET);
  }

  /** Ends what the leg is in the middle of, and closes it. */
  void abandon(EndReason reason) {
    if (phase != null) {
      phase.onAbandoned(this, reason);
    }
    close();
  }

  /** Closes with a reset, so that the peer does not take it for the stream's end. */
  void reset() {
    if (!isClosed) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("leg {}: no linger", number, e);
      }
      close();
    }
  }

  /** Closes, once; what the kernel still holds is sent. */
  void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    loop.wheel().cancel(this);
    share.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("leg {}: closing", number, e);
    }
    if (client != null) {
      client.release();
    }
    loop.events().onClosed(this);
  }
}
