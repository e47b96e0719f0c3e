package dev.rallypoint.relay.bridge;

import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.session.EndReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a WebSocket leg behind its RequestRelay: those received that its partner has not
 * taken yet, and those to be sent. What is received is charged to the leg's share of the memory
 * until its partner has written it, and no more is read once a bound is reached.
 */
final class WebSocketMessages implements MessageLeg {
  /** What a message counts more than its bytes. */
  private static final int OVERHEAD = 64;

  private final WebSocketLeg leg;
  private final WebSocketLeg.Stage stage;
  private final ArrayDeque<ByteString> toSend = new ArrayDeque<>();
  private List<ByteString> received = new ArrayList<>();
  private int receivedBytes;
  private int given;
  private volatile @Nullable BridgedSession session;
  private volatile @Nullable BridgeDirection outgoing;
  private @Nullable BridgeDirection incoming;
  private boolean mayGive;
  private boolean isTaking;
  private boolean isFinishing;
  private boolean isInputOver;
  private boolean isOutputLost;

  /**
   * @param stage on whose thread everything is done
   */
  WebSocketMessages(WebSocketLeg leg, WebSocketLeg.Stage stage) {
    this.leg = leg;
    this.stage = stage;
  }

  @Override
  public void attach(BridgedSession joined, BridgeDirection out, BridgeDirection in) {
    session = joined;
    stage.execute(() -> {
      stage.enterSession();
      outgoing = out;
      incoming = in;
      joined.onAttached();
    });
    if (leg.isClosed()) {
      joined.end(EndReason.GONE); // its stage runs no task any more
    }
  }

  @Override
  public void more() {
    stage.execute(() -> {
      leg.share().change(-given); // it is written
      given = 0;
      mayGive = true;
      giveReceived();
    });
  }

  @Override
  public void take(List<ByteString> messages) {
    stage.execute(() -> {
      isTaking = true;
      if (!isOutputLost) {
        toSend.addAll(messages);
      }
      sendNext();
    });
  }

  @Override
  public void finish() {
    stage.execute(() -> {
      isFinishing = true;
      sendNext();
    });
  }

  /** Part of a message has come; for any thread. */
  void onPiece() {
    BridgeDirection direction = outgoing;
    if (direction != null) {
      direction.onPiece();
    }
  }

  /** Ends its session, if there is one; for any thread. */
  void endSession(EndReason reason) {
    BridgedSession joined = session;
    if (joined != null) {
      joined.end(reason);
    }
  }

  /** A message has come, whose bytes are charged already; false when there is no memory for it. */
  boolean onReceived(ByteString message) {
    if (!leg.share().change(OVERHEAD)) {
      return false;
    }
    received.add(message);
    receivedBytes += message.size() + OVERHEAD;
    giveReceived();
    return true;
  }

  /** No message comes any more. */
  void onInputOver() {
    isInputOver = true;
    giveReceived();
  }

  private void giveReceived() {
    BridgeDirection direction = outgoing;
    if (direction != null && mayGive && !received.isEmpty()) {
      List<ByteString> batch = received;
      int bytes = receivedBytes - OVERHEAD * batch.size();
      received = new ArrayList<>();
      given = receivedBytes;
      receivedBytes = 0;
      mayGive = false;
      direction.give(batch, bytes);
    }
    if (isInputOver && direction != null && received.isEmpty()) {
      direction.finish();
    } else if (receivedBytes < AwaitingPartner.MAX_EARLY) {
      stage.pullNext();
    }
  }

  /** Sends the next message if the connection takes it, or reports that all is sent. */
  void sendNext() {
    BridgeDirection direction = incoming;
    if (direction == null) {
      return;
    }
    if (!toSend.isEmpty()) {
      if (stage.canSend()) {
        stage.send(toSend.remove());
        direction.onProgress();
      }
      return;
    }
    if (isTaking && (stage.canSend() || isOutputLost)) {
      isTaking = false; // asked for more: the last one is written
      direction.onTaken();
    }
    if (isFinishing) {
      isFinishing = false;
      if (!isOutputLost) {
        stage.endOutput();
      }
      direction.onFinished();
    }
  }

  /** The connection takes nothing more. */
  void onOutputLost() {
    BridgeDirection direction = incoming;
    isOutputLost = true;
    toSend.clear();
    if (direction != null) {
      direction.onTargetLost(false);
    }
    sendNext();
  }
}
