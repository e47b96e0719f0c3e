package dev.rallypoint.metrics.access;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes the access events of a node. An event whose logger is off costs one comparison. Each event
 * may have {@value #PER_SECOND} lines a second, after a quiet time {@value #BURST} at once; how
 * many were left out is told once a minute. The lines about wrong keys have a bound of their own:
 * datagrams of forged sources are refused at any rate, and would hide them from who bans by them.
 * Safe for all threads.
 */
public final class AccessLog {
  /** The lines of one event at once after a quiet time. */
  static final int BURST = 2_000;

  /** The lines of one event in a second. */
  static final int PER_SECOND = 100;

  /** The addresses with a line about a wrong key in a minute. */
  static final int WRONG_KEYS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_LETTERS = 128;

  private final Ticker clock;
  private final Map<AccessEvent, LineBudget> budgets = new EnumMap<>(AccessEvent.class);
  private final AddressPace wrongKeys = new AddressPace(MINUTE.toNanos(), WRONG_KEYS);
  private final AtomicLong noticeAt;

  /** The events of one node. */
  public AccessLog(Ticker clock) {
    this.clock = clock;
    this.noticeAt = new AtomicLong(clock.nanos());
    for (AccessEvent event : AccessEvent.values()) {
      budgets.put(event, new LineBudget(BURST, PER_SECOND));
    }
  }

  /**
   * A RegisterPk was accepted.
   *
   * @param via {@code udp}, or {@code link} for TCP and WebSocket
   * @param change {@code new}, {@code provisional}, {@code key}, {@code address} or {@code none}
   */
  public void registered(String id, PeerAddress address, String via, String change) {
    Level level = change.equals("none") ? Level.DEBUG : Level.INFO;
    write(AccessEvent.REGISTERED, level, text(id), address, via, change, null);
  }

  /** A device has another id. */
  public void renamed(String id, PeerAddress address, String old) {
    write(AccessEvent.REGISTERED, Level.INFO, text(id), address, "link", "id", text(old));
  }

  /**
   * A client was not served.
   *
   * @param id the id that it is about, or null
   * @param session the relay session's uuid, or null
   */
  public void refused(
      String reason,
      PeerAddress address,
      Asked what,
      @Nullable String id,
      @Nullable String session) {
    write(
        AccessEvent.REFUSED,
        Level.INFO,
        reason,
        address,
        what.label(),
        text(id),
        text(session),
        null);
  }

  /**
   * A client has a wrong access key, or none. One line for each address and minute.
   *
   * @param fingerprint of the key that it has
   * @return whether this was the address's first one of the minute
   */
  public boolean wrongKey(
      PeerAddress address, Asked what, @Nullable String id, String fingerprint) {
    boolean isAdmitted = wrongKeys.admits(address, clock.nanos());
    if (isAdmitted) {
      writeBounded(
          AccessEvent.REFUSED,
          Level.WARN,
          "access_key",
          address,
          what.label(),
          text(id),
          null,
          fingerprint);
    }
    return isAdmitted;
  }

  /**
   * A requester asked for a target.
   *
   * @param session the uuid of the relay session that they were told, or empty
   */
  public void punch(
      Asked kind, PeerAddress requester, String target, PunchVerdict verdict, String session) {
    write(
        AccessEvent.PUNCH,
        Level.INFO,
        kind.label(),
        requester,
        text(target),
        verdict.label(),
        text(session));
  }

  /** Two legs became a session. */
  public void relayStarted(RelayedLegs legs) {
    write(
        AccessEvent.RELAY_STARTED,
        Level.INFO,
        text(legs.session()),
        legs.a(),
        legs.b(),
        legs.here(),
        legs.type());
  }

  /** A session ended, with its bytes both ways. */
  public void relayEnded(RelayedLegs legs, long bytes, long seconds, String reason) {
    write(
        AccessEvent.RELAY_ENDED,
        Level.INFO,
        text(legs.session()),
        legs.a(),
        legs.b(),
        legs.here(),
        bytes,
        seconds,
        reason);
  }

  private void write(AccessEvent event, Level level, @Nullable Object... values) {
    if (!event.logger().isEnabledForLevel(level)) {
      return;
    }
    long now = clock.nanos();
    LineBudget budget = budgets.get(event);
    if (budget != null && budget.take(now)) {
      writeBounded(event, level, values);
    }
    tellWhatWasLeftOut(now);
  }

  /** A line whose rate is bounded already. */
  private static void writeBounded(AccessEvent event, Level level, @Nullable Object... values) {
    LoggingEventBuilder line = event.logger().atLevel(level);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        line =
            line.addKeyValue(
                event.fields().get(i),
                value instanceof PeerAddress address ? address.toString() : value);
      }
    }
    line.log(event.label());
  }

  private void tellWhatWasLeftOut(long now) {
    long before = noticeAt.get();
    if (now - before < MINUTE.toNanos() || !noticeAt.compareAndSet(before, now)) {
      return;
    }
    budgets.forEach((event, budget) -> {
      long over = budget.takeOver();
      if (over > 0) {
        LOG.warn(
            "{} lines of {} were left out, because there may be {} a second; the counters are exact",
            over,
            event.label(),
            PER_SECOND);
      }
    });
  }

  /** What a client sent, as one word; null for nothing. */
  static @Nullable String text(@Nullable String sent) {
    if (sent == null || sent.isEmpty()) {
      return null;
    }
    StringBuilder word = new StringBuilder();
    sent.codePoints()
        .limit(MOST_LETTERS)
        .map(
            letter -> ShownLetters.isShown(letter) && !Character.isSpaceChar(letter) ? letter : '_')
        .forEach(word::appendCodePoint);
    return word.toString();
  }
}
