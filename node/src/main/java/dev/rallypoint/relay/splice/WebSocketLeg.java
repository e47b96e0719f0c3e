package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.FrameShare;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection of the relay: a stage that takes and gives whole messages, for one
 * connection only. The first message is the RequestRelay; what comes behind it is kept for the
 * partner, as with a TCP leg.
 */
public final class WebSocketLeg extends GraphStage<FlowShape<ByteString, ByteString>>
    implements RelayLeg, MessageLeg {
  /** The longest message relayed, in bytes: what clients take as one WebSocket frame. */
  static final int MAX_MESSAGE = 16 * 1024 * 1024;

  private final Inlet<ByteString> in = Inlet.create("StreamLeg.in");
  private final Outlet<ByteString> out = Outlet.create("StreamLeg.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final long number;
  private final PeerAddress address;
  private final SpliceEngine engine;
  private final FrameShare share;
  private volatile int maxMessage = RelayHandshake.MAX_FRAME;
  private volatile @Nullable WebSocketLegLogic logic;
  private volatile @Nullable BridgedSession bridge;
  private volatile boolean isClosed;

  WebSocketLeg(long number, PeerAddress address, SpliceEngine engine) {
    this.number = number;
    this.address = address;
    this.engine = engine;
    this.share = new FrameShare(engine.memory());
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public PeerAddress address() {
    return address;
  }

  @Override
  public boolean isPipe() {
    return false;
  }

  /** What it holds of the memory: each message from its first piece until it is written. */
  FrameShare share() {
    return share;
  }

  /** Some bytes of a message have come; false when there is no memory for them. */
  public boolean onPiece(int bytes) {
    BridgedSession joined = bridge;
    if (joined != null) {
      joined.touch(engine.now());
    }
    return share.change(bytes);
  }

  /** The longest message taken now: short ones until there is a partner. */
  public int maxMessage() {
    return maxMessage;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    WebSocketLegLogic created = new WebSocketLegLogic(this, engine);
    logic = created;
    return created;
  }

  @Override
  public void dismiss(EndReason why) {
    end(why);
  }

  @Override
  public void attach(BridgedSession joined, BridgeDirection outgoing, BridgeDirection incoming) {
    bridge = joined;
    execute(here -> here.attach(joined, outgoing, incoming));
    if (isClosed) {
      joined.end(EndReason.GONE);
    }
  }

  @Override
  public void take(List<ByteString> messages) {
    execute(here -> here.take(messages));
  }

  @Override
  public void more() {
    execute(WebSocketLegLogic::more);
  }

  @Override
  public void finish() {
    execute(WebSocketLegLogic::finish);
  }

  @Override
  public void end(EndReason reason) {
    execute(here -> here.end(reason));
  }

  /** The first message was taken: what follows is for the partner, and bounded as with TCP. */
  void onAdmitted() {
    maxMessage = AwaitingPartner.MAX_EARLY;
  }

  /** The stage is joined to a partner's: long messages are taken from now on. */
  void onJoined() {
    maxMessage = MAX_MESSAGE;
  }

  /** The stage has stopped. */
  void onClosed() {
    isClosed = true;
    share.close();
    BridgedSession joined = bridge;
    if (joined != null) {
      joined.end(EndReason.RESET);
    }
  }

  private void execute(Consumer<WebSocketLegLogic> task) {
    WebSocketLegLogic target = logic;
    if (target != null) {
      target.execute(task);
    }
  }
}
