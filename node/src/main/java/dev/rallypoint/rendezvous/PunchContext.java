package dev.rallypoint.rendezvous;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.ProvenTargets;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.NodeParts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What all punch and relay requests on a node share. The rules of the cluster change {@code relays}
 * and {@code rules}.
 *
 * @param access checks the access key
 * @param control decides by accounts; empty where the node knows none
 */
record PunchContext(
    AccessCheck access,
    Optional<AccessControl> control,
    PunchAnswerRouter answers,
    PunchMemory memory,
    PushGate pushes,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog log,
    PunchTiming timing) {

  /** Starts it on a node. */
  static PunchContext start(
      NodeParts parts, OtherNodes otherNodes, Optional<AccessControl> control) {
    ActorSystem<?> system = parts.system();
    RendezvousSettings settings = parts.settings().rendezvous();
    Counters counters = parts.counters();
    Ticker ticker = parts.ticker();
    PunchLog requests = new PunchLog();
    PunchContext context =
        new PunchContext(
            new AccessCheck(parts.accessKey(), counters, requests, parts.wallClock()),
            control,
            new PunchAnswerRouter(system, otherNodes, counters),
            new PunchMemory(
                new AdmittedPunches(system, otherNodes, counters, ticker), new ProvenTargets()),
            new PushGate(counters, ticker),
            new RelayRotation(settings.relayServers(), parts.relays()),
            new AtomicReference<>(
                new PunchPolicy.Rules(
                    settings.alwaysUseRelay(), new Networks(settings.lan()), settings.localIp())),
            requests,
            PunchTiming.of(system, ticker, parts.wallClock()));
    context.follow(SharedRules.get(system), settings);
    return context;
  }

  /** Puts the rules of the cluster in force; without one this node's own settings hold. */
  private void follow(SharedRules shared, RendezvousSettings own) {
    shared.follow(
        RuleName.ALWAYS_USE_RELAY.text(),
        rule -> {
          RuleName.ALWAYS_USE_RELAY.check(rule.value());
          boolean isForced =
              rule.value().isEmpty() ? own.alwaysUseRelay() : rule.value().equals("Y");
          return () ->
              rules.updateAndGet(old -> new PunchPolicy.Rules(isForced, old.lan(), old.localIp()));
        });
    shared.follow(
        RuleName.RELAY_SERVERS.text(),
        rule -> {
          List<String> names =
              rule.value().isEmpty() ? own.relayServers() : RuleName.relays(rule.value());
          return () -> relays.replace(names);
        });
  }

  /** Notes what came of a request, for the console. */
  void note(PeerAddress requester, PeerId target, String outcome) {
    log.add(new PunchLog.Entry(timing.wallClock().instant(), requester, target, outcome));
  }
}
