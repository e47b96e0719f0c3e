package dev.rallypoint.registration;

import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.RegistrationThrottle;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.time.Ticker;
import java.util.List;

/** The registrar's limits of hosts, with the clock. Not safe for several threads. */
final class HostLimits {
  private final RegistrationThrottle throttle;
  private final Counters counters;
  private final Ticker clock;

  HostLimits(RegistrationLimits limits, Counters counters, Ticker clock) {
    this.throttle = new RegistrationThrottle(limits);
    this.counters = counters;
    this.clock = clock;
  }

  /** Counts a message of a host that is, or may be, refused; false over its limit. */
  boolean admits(PeerAddress from, boolean isConnection) {
    return throttle.admits(from, isConnection, clock.millis());
  }

  /** Counts a refused message: the result, which its host does not hear over its limit. */
  Result refusal(PeerAddress from, boolean isConnection, Result result) {
    return admits(from, isConnection) ? result : Result.TOO_FREQUENT;
  }

  /** What becomes of an id that nobody has yet. */
  NewId admitNewId(PeerAddress from, boolean isConnection, PeerId id) {
    NewId admitted = throttle.admitNewId(from, isConnection, id, clock.millis());
    if (admitted == NewId.PROVISIONAL) {
      counters.count(Event.IDS_PROVISIONAL, from);
    }
    return admitted;
  }

  /** Answers the console. */
  List<RegistrationThrottle.HostUsage> show(Registrar.ShowHosts show) {
    long now = clock.millis();
    List<RegistrationThrottle.HostUsage> shown =
        show.host()
            .map(host -> throttle.host(host, now).map(List::of).orElse(List.of()))
            .orElseGet(() -> throttle.hosts(show.most(), now));
    if (show.forget()) {
      show.host().ifPresentOrElse(throttle::forget, throttle::forgetAll);
    }
    return shown;
  }
}
