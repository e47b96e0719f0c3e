package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.ProvenTargets;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.NodeParts;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What all punch and relay requests on a node share. The text console changes {@code relays},
 * {@code rules} and {@code log}.
 */
record PunchContext(
    AccessCheck access,
    PunchAnswerRouter answers,
    PunchMemory memory,
    PushGate pushes,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog log,
    PunchTiming timing) {

  /** Starts it on a node. */
  static PunchContext start(NodeParts parts, OtherNodes otherNodes) {
    ActorSystem<?> system = parts.system();
    RendezvousSettings settings = parts.settings().rendezvous();
    Counters counters = parts.counters();
    Ticker ticker = parts.ticker();
    PunchLog requests = new PunchLog();
    return new PunchContext(
        new AccessCheck(parts.accessKey(), counters, requests, parts.wallClock()),
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
  }
}
