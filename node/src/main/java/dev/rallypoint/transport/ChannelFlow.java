package dev.rallypoint.transport;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An accepted channel as a flow: bytes in are written, bytes read come out, both with
 * back-pressure. The other side's end of stream ends the output only; the channel closes with the
 * flow, once what was given is written, or 5 s later with a reset. Ours, because Pekko's listener
 * spins and floods the log when descriptors run out.
 */
final class ChannelFlow extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelFlow.class);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  private final Inlet<ByteString> in = Inlet.create("ChannelFlow.in");
  private final Outlet<ByteString> out = Outlet.create("ChannelFlow.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final SocketChannel channel;
  private final ChannelLoop loop;
  private final Consumer<Runnable> onOpened;

  /**
   * @param channel a connected, non-blocking channel; owned by the flow from now on
   * @param onOpened is given what breaks the connection off, for any thread
   */
  ChannelFlow(SocketChannel channel, ChannelLoop loop, Consumer<Runnable> onOpened) {
    this.channel = channel;
    this.loop = loop;
    this.onOpened = onOpened;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic implements ChannelLoop.Listener {
    /** Takes what the loop's thread reports to the stage. */
    private final AsyncCallback<Runnable> reported = createAsyncCallback(Runnable::run);

    private ChannelLoop.@Nullable Place place;
    private @Nullable ByteBuffer unwritten;
    private boolean inputEnded;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      setKeepGoing(true); // the output may end while an answer is still to be written
      onOpened.accept(() -> reported.invoke(this::reset));
      loop.register(channel, this, given -> reported.invoke(() -> onPlaced(given)));
    }

    @Override
    public void postStop() throws IOException {
      if (place == null) {
        channel.close();
      } else {
        place.close();
      }
    }

    @Override
    public void onTimer(Object flush) {
      reset();
    }

    /** Gives up what the other side does not take; the kernel is not to keep it for minutes. */
    private void reset() {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("a connection was gone before it was reset", e);
      }
      completeStage();
    }

    private void onPlaced(ChannelLoop.Place given) {
      place = given;
      if (isAvailable(out)) {
        given.wantBytes();
      }
      if (!inputEnded) {
        pull(in);
      } else {
        completeStage();
      }
    }

    private void deliver(ByteString read) {
      if (isAvailable(out)) {
        push(out, read);
      }
    }

    private void write() {
      try {
        if (unwritten != null) {
          channel.write(unwritten);
          if (unwritten.hasRemaining()) {
            if (place != null) {
              place.wantRoom();
            }
            return;
          }
          unwritten = null;
        }
      } catch (IOException e) {
        failStage(e);
        return;
      }
      if (inputEnded) {
        completeStage();
      } else if (!hasBeenPulled(in)) {
        pull(in);
      }
    }

    @Override
    public void onBytes(ByteString read) {
      reported.invoke(() -> deliver(read));
    }

    @Override
    public void onEnd() {
      reported.invoke(() -> complete(out));
    }

    @Override
    public void onFailure(IOException why) {
      reported.invoke(() -> failStage(why));
    }

    @Override
    public void onWritable() {
      reported.invoke(this::write);
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        unwritten = grab(in).asByteBuffer();
        write();
      }

      @Override
      public void onUpstreamFinish() {
        inputEnded = true;
        if (unwritten == null && place != null) {
          completeStage();
        } else {
          scheduleOnce("flush", FLUSH_TIMEOUT);
        }
      }

      @Override
      public void onUpstreamFailure(Throwable why) {
        reset();
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (place != null) {
          place.wantBytes();
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        // Nothing more is read; what is given is still written.
      }
    }
  }
}
