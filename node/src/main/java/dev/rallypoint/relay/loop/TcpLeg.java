package dev.rallypoint.relay.loop;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.conduit.PipeCalls;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.FrameShare;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection of the relay: a client's, or a backhaul connection. It belongs to one loop at a
 * time and is touched by that loop's thread only, except where a method says otherwise.
 */
public final class TcpLeg extends DeadlineWheel.Entry implements RelayLeg, RelayLoop.Attachment {
  private static final Logger LOG = LoggerFactory.getLogger(TcpLeg.class);

  private final long number;
  private final SocketChannel channel;
  private final PeerAddress peer;
  private final @Nullable ClientConnection client;

  private final LegListener listener;
  private final FrameShare share;
  private volatile RelayLoop loop;
  private @Nullable LegPhase phase;
  private @Nullable SelectionKey key;
  private boolean isClosed;

  /**
   * Of a client, whose limits it releases when it closes; a backhaul connection's client is null.
   */
  public TcpLeg(
      long number,
      SocketChannel channel,
      PeerAddress peer,
      @Nullable ClientConnection client,
      RelayLoop loop,
      LegListener listener) {
    this.number = number;
    this.channel = channel;
    this.peer = peer;
    this.client = client;
    this.loop = loop;
    this.listener = listener;
    this.share = new FrameShare(loop.context().memory());
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
  public boolean isBackhaul() {
    return client == null;
  }

  /** Its socket. */
  public SocketChannel channel() {
    return channel;
  }

  /** The loop that it is on; for any thread. */
  public RelayLoop loop() {
    return loop;
  }

  /** The listener that its events go to. */
  public LegListener listener() {
    return listener;
  }

  /** What it holds of the memory for bytes that are not taken yet; given back when it closes. */
  public FrameShare share() {
    return share;
  }

  /** Whether its socket is closed. */
  public boolean isClosed() {
    return isClosed;
  }

  /** What it does at present; null before it has begun. */
  public @Nullable LegPhase phase() {
    return phase;
  }

  /** Runs a task on the leg's loop, even if it moves to another meanwhile; for any thread. */
  public void execute(Consumer<TcpLeg> task) {
    RelayLoop asked = loop;
    asked.execute(() -> {
      if (loop == asked) {
        asked.guarded(() -> task.accept(this), this::onFault);
      } else {
        execute(task);
      }
    });
  }

  /** Makes the socket ready for a selector, joins its loop's, and enters the first phase. */
  public void begin(LegPhase first) {
    if (loop.isStopping()) {
      close();
      return;
    }
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      register();
      enter(first);
    } catch (IOException e) {
      LOG.debug("{} was gone at once", this, e);
      close();
    }
  }

  /** Joins its loop's selector, if it is not there, reading. */
  public void register() throws IOException {
    if (key == null) {
      key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
    }
  }

  /** Goes on to another phase, whose deadline replaces that of the one before. */
  public void enter(LegPhase next) {
    phase = next;
    loop.wheel().cancel(this);
    scheduleDeadline();
  }

  /** The phase's deadline may be earlier than it was. */
  public void scheduleDeadline() {
    if (phase != null && phase.deadline() != LegPhase.NO_DEADLINE) {
      loop.wheel().schedule(this, phase.deadline());
    }
  }

  /** Moves to another loop, where it is not registered yet; or stays where it is. */
  public void moveTo(RelayLoop target) {
    loop.wheel().cancel(this);
    // A selector does not take a channel back before its cancelled key is swept out.
    if (key != null && target != loop) {
      key.cancel();
      key = null;
    }
    loop = target;
  }

  /** Sets what the leg waits for: reading, writing, both or nothing. */
  public void want(boolean reading, boolean writing) {
    SelectionKey registered = key;
    if (registered != null && registered.isValid()) {
      int ops = (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0);
      if (registered.interestOps() != ops) {
        registered.interestOps(ops);
      }
    }
  }

  /** Reads once; -1 at the end of the stream and when the connection is broken. */
  public int read(ByteBuffer target) {
    try {
      return channel.read(target);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Whether the peer reset its connection, by what reading or writing threw. */
  public static boolean isReset(IOException e) {
    return e instanceof PipeCalls.CallException call
        ? call.isReset()
        : String.valueOf(e.getMessage()).startsWith("Connection reset");
  }

  @Override
  public void onReadable(long now) {
    present().onReadable(this, now);
  }

  @Override
  public void onWritable(long now) {
    present().onWritable(this, now);
  }

  private LegPhase present() {
    if (phase == null) {
      throw new IllegalStateException("a registered leg is in a phase");
    }
    return phase;
  }

  @Override
  protected void onDeadline(long now) {
    if (!isClosed && phase != null) {
      if (now >= phase.deadline()) {
        phase.onDeadline(this, now);
      } else {
        scheduleDeadline();
      }
    }
  }

  @Override
  protected void onFault() {
    closeHere(EndReason.RESET);
  }

  @Override
  public void close(EndReason reason) {
    execute(leg -> leg.closeHere(reason));
  }

  @Override
  public void closeHere(EndReason reason) {
    if (phase != null) {
      phase.onClose(this, reason);
    }
    close();
  }

  /** Counts why the leg is not served, and closes it. */
  public void refuse(DropReason reason) {
    loop.context().counters().dropped(reason, address());
    close();
  }

  /** Closes the socket after a session: with a reset where the reason asks for it. */
  public void closeAfter(EndReason reason) {
    if (reason.isReset() && !isClosed) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("{}: no linger", this, e);
      }
    }
    close();
  }

  /** Closes the socket, once; what the kernel still holds is sent. */
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    loop.wheel().cancel(this);
    share.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{}: closing", this, e);
    }
    if (client != null) {
      client.release();
    }
    listener.onClosed(this);
  }

  @Override
  public String toString() {
    return "leg " + number + " of " + address();
  }
}
