package dev.rallypoint.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.policy.access.Verdict;
import dev.rallypoint.policy.access.Verdict.Reason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of logged-in users that this node let through. When what decides has changed, each
 * is judged again, and one that is not allowed any more is ended: at its relay at once, and by the
 * list of its device, which is told to the device with the answer to its next heartbeat. Bounded in
 * number and time. Safe for all threads.
 */
public final class LiveSessions {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);

  /** Sessions that last longer are not known any more. */
  private static final Duration KNOWN = Duration.ofHours(24);

  /** How long a device is told that a session is to be ended. */
  private static final Duration TOLD = Duration.ofMinutes(1);

  private static final int MOST = 50_000;

  private final Judge judge;
  private final Cache<Long, Live> sessions =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterWrite(KNOWN)
          .executor(Runnable::run)
          .build();
  private final Cache<PeerId, List<AuditReference>> ended =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterWrite(TOLD)
          .executor(Runnable::run)
          .build();
  private volatile Consumer<String> cut = uuid -> {};

  /** Decides again about a session. */
  @FunctionalInterface
  interface Judge {
    CompletionStage<Verdict> judge(AuditReference reference, PeerId device, PeerAddress from);
  }

  /**
   * A session.
   *
   * @param relay the uuid of its relay session, or empty while it is not known to be relayed
   */
  private record Live(AuditReference reference, PeerId device, PeerAddress from, String relay) {}

  LiveSessions(Judge judge) {
    this.judge = judge;
  }

  /** From now on relay sessions are ended by this, which takes their uuid. */
  public void cutBy(Consumer<String> relays) {
    cut = relays;
  }

  /**
   * A target has answered an attempt that was let through.
   *
   * @param relay the uuid of the relay session that the two were told, or empty
   */
  public void began(Permit permit, PeerId device, PeerAddress from, String relay) {
    permit
        .reference()
        .ifPresent(reference ->
            sessions.put(reference.attempt(), new Live(reference, device, from, relay)));
  }

  /** How many are known. */
  public long size() {
    return sessions.estimatedSize();
  }

  /** The attempts to this device whose connections are to be closed. */
  public List<AuditReference> ended(PeerId device) {
    List<AuditReference> list = ended.getIfPresent(device);
    return list == null ? List.of() : list;
  }

  /** Judges all, one after the other. */
  CompletionStage<Void> judgeAgain() {
    return next(List.copyOf(sessions.asMap().values()).iterator());
  }

  private CompletionStage<Void> next(Iterator<Live> rest) {
    while (rest.hasNext()) {
      Live one = rest.next();
      CompletableFuture<Verdict> verdict =
          judge.judge(one.reference, one.device, one.from).toCompletableFuture();
      if (!verdict.isDone()) {
        return verdict.thenCompose(late -> {
          apply(one, late);
          return next(rest);
        });
      }
      apply(one, verdict.join());
    }
    return CompletableFuture.completedStage(null);
  }

  private void apply(Live one, Verdict verdict) {
    if (verdict.isAllowed() || verdict.reason() == Reason.UNCHECKED) {
      return;
    }
    sessions.invalidate(one.reference.attempt());
    ended.asMap().merge(one.device, List.of(one.reference), LiveSessions::joined);
    LOG.info("the session of {} with {} is ended: {}", one.from, one.device, verdict.text());
    if (!one.relay.isEmpty()) {
      cut.accept(one.relay);
    }
  }

  private static List<AuditReference> joined(List<AuditReference> old, List<AuditReference> added) {
    return Stream.concat(old.stream(), added.stream()).limit(100).toList();
  }
}
