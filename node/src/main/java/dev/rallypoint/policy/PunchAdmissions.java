package dev.rallypoint.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The punch requests that were admitted lately, and the relays that were named in them.
 * RequestRelay has no access key, so it is passed on only after an admitted punch request: of the
 * same host within two minutes, or of anybody for the same target within 20 s, because the two
 * connections of a client may leave by different addresses.
 *
 * <p>Memory is bounded to 50,000 requests, of which one host has 1,000 at most; its oldest go
 * first. Safe for all threads. Times are milliseconds of a monotonic clock.
 */
public final class PunchAdmissions {
  private static final long OF_HOST = Duration.ofMinutes(2).toMillis();
  private static final long OF_ANYBODY = Duration.ofSeconds(20).toMillis();
  private static final int MAX_REQUESTS = 50_000;
  private static final int MAX_OF_HOST = 1_000;
  private static final int MAX_RELAYS = 4;

  private final Cache<PeerAddress, SequencedMap<PeerId, Request>> byHost =
      Caffeine.newBuilder()
          .maximumWeight(MAX_REQUESTS)
          .weigher((PeerAddress host, SequencedMap<PeerId, Request> requests) -> requests.size())
          .executor(Runnable::run)
          .build();

  private final Cache<PeerId, Request> byTarget =
      Caffeine.newBuilder().maximumSize(MAX_REQUESTS).executor(Runnable::run).build();

  /**
   * What is known of a host and a target.
   *
   * @param isAdmitted whether RequestRelay may be passed on
   * @param isNamed whether the relay in it was named in the attempt; true for an empty name
   * @param relay the relay that was named last; empty when none was
   */
  public record Admission(boolean isAdmitted, boolean isNamed, String relay) {
    /** Nothing is known. */
    public static final Admission NONE = new Admission(false, false, "");

    /** Whether no other node need be asked. */
    public boolean isComplete() {
      return isAdmitted && isNamed;
    }

    /** What two nodes know together. */
    public Admission or(Admission other) {
      return new Admission(
          isAdmitted || other.isAdmitted,
          isNamed || other.isNamed,
          relay.isEmpty() ? other.relay : relay);
    }
  }

  private static final class Request {
    private final PeerAddress host;
    private final List<String> relays = new ArrayList<>(2);
    private long atMillis;

    Request(PeerAddress host) {
      this.host = host;
    }

    void name(String relay) {
      relays.remove(relay);
      relays.addFirst(relay);
      if (relays.size() > MAX_RELAYS) {
        relays.removeLast();
      }
    }

    Admission admission(String asked) {
      return new Admission(
          true,
          asked.isEmpty() || RelayNames.isAmong(asked, relays),
          relays.isEmpty() ? "" : relays.getFirst());
    }
  }

  /** A host's punch request for a target was admitted. */
  public synchronized void admit(PeerAddress requester, PeerId target, long nowMillis) {
    PeerAddress host = requester.network();
    byHost
        .asMap()
        .compute(
            host,
            (key, known) -> {
              SequencedMap<PeerId, Request> requests =
                  known == null ? new LinkedHashMap<>(4) : known;
              Request request = requests.remove(target);
              if (request == null || nowMillis - request.atMillis > OF_HOST) {
                request = new Request(host);
              }
              request.atMillis = nowMillis;
              requests.putLast(target, request);
              forgetOld(requests, nowMillis);
              return requests;
            });
    byTarget
        .asMap()
        .compute(
            target,
            (key, known) -> {
              boolean isOver = known == null || nowMillis - known.atMillis > OF_ANYBODY;
              Request request = isOver ? new Request(host) : known;
              request.atMillis = nowMillis;
              return request;
            });
  }

  private void forgetOld(SequencedMap<PeerId, Request> requests, long nowMillis) {
    while (requests.size() > MAX_OF_HOST
        || nowMillis - requests.firstEntry().getValue().atMillis > OF_HOST) {
      var oldest = requests.pollFirstEntry();
      Request latest = byTarget.getIfPresent(oldest.getKey());
      if (latest != null && latest.host.equals(oldest.getValue().host)) {
        byTarget.invalidate(oldest.getKey());
      }
    }
  }

  /**
   * A relay was named in an admitted attempt: by this cluster to the target, or by the target to
   * the requester.
   */
  public synchronized void name(
      PeerAddress requester, PeerId target, String relay, long nowMillis) {
    if (relay.isEmpty() || relay.length() > RelayNames.MAX_LENGTH) {
      return;
    }
    Request ofHost = ofHost(requester, target, nowMillis);
    Request ofAnybody = ofAnybody(target, nowMillis);
    if (ofHost != null) {
      ofHost.name(relay);
    }
    if (ofAnybody != null) {
      ofAnybody.name(relay);
    }
  }

  /**
   * What is known of a RequestRelay.
   *
   * @param relay the relay in it, or empty when it need not have been named
   */
  public synchronized Admission find(
      PeerAddress requester, PeerId target, String relay, long nowMillis) {
    Request ofHost = ofHost(requester, target, nowMillis);
    Request ofAnybody = ofAnybody(target, nowMillis);
    Admission own = ofHost == null ? Admission.NONE : ofHost.admission(relay);
    return own.or(ofAnybody == null ? Admission.NONE : ofAnybody.admission(relay));
  }

  private @Nullable Request ofHost(PeerAddress requester, PeerId target, long nowMillis) {
    SequencedMap<PeerId, Request> requests = byHost.getIfPresent(requester.network());
    Request request = requests == null ? null : requests.get(target);
    return request == null || nowMillis - request.atMillis > OF_HOST ? null : request;
  }

  private @Nullable Request ofAnybody(PeerId target, long nowMillis) {
    Request request = byTarget.getIfPresent(target);
    return request == null || nowMillis - request.atMillis > OF_ANYBODY ? null : request;
  }
}
