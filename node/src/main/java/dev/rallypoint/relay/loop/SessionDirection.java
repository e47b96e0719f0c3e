package dev.rallypoint.relay.loop;

import dev.rallypoint.policy.SessionRules.DirectionState;
import dev.rallypoint.policy.limit.BandwidthBudget;

/** One direction of a session: what its source sends, its target gets. */
public abstract class SessionDirection extends Throttle.Reader {
  private final LiveSession session;
  private volatile DirectionState state = DirectionState.OPEN;
  private volatile boolean isTargetReset;

  /** A direction of this session. */
  protected SessionDirection(LiveSession session) {
    this.session = session;
  }

  /** Since when its target takes none of the bytes that wait, or that none wait. */
  protected abstract long blockedSince();

  @Override
  protected final BandwidthBudget budget() {
    return session.budget();
  }

  @Override
  protected final boolean isLimited() {
    return session.isLimited();
  }

  /** What becomes of the source's bytes. */
  public final DirectionState state() {
    return state;
  }

  /**
   * The target takes nothing more. The source is read on, because closing a connection over unread
   * bytes resets it, and what the target sent before could be lost on its way to the source.
   *
   * @param isReset whether the target reset its connection; the system reports that once, to a read
   *     or to a write
   */
  protected final void discard(boolean isReset) {
    isTargetReset = isReset;
    if (state == DirectionState.OPEN) {
      state = DirectionState.DISCARDING;
    }
  }

  /** Nothing more goes this way. */
  protected final void onOver() {
    state = DirectionState.OVER;
  }

  /** Whether the target reset its connection. */
  final boolean isTargetReset() {
    return isTargetReset;
  }
}
