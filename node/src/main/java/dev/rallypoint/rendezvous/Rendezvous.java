package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.time.WallClock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all connections of the ID server share.
 *
 * @param settings the settings
 * @param signing the server's key pair, or empty when the node signs nothing
 * @param accessKey the key that clients must name
 * @param directory where peers are
 * @param sessions the attempts under way
 * @param relays the relays named to clients
 * @param rules the operator's wishes, which the console may change
 * @param punches the last punch requests
 * @param registrar the desk for RegisterPk
 * @param links the connections that clients hold open
 * @param keepAlive how registration links are kept alive
 * @param api where API calls go
 * @param keyWarnings how often a wrong key is worth a line
 * @param counters the node's counters
 * @param random a cryptographically strong source
 * @param wallClock the time of day
 */
record Rendezvous(
    RendezvousSettings settings,
    Optional<SigningKey> signing,
    AccessKey accessKey,
    PeerDirectory directory,
    PunchAnswerRouter sessions,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog punches,
    ActorRef<Registrar.Command> registrar,
    OpenLinks links,
    KeepAlive keepAlive,
    ApiCalls api,
    LogRateLimit keyWarnings,
    Counters counters,
    RandomGenerator random,
    WallClock wallClock) {

  static PunchPolicy.Rules rulesOf(RendezvousSettings settings) {
    return new PunchPolicy.Rules(
        settings.alwaysUseRelay(), new Networks(settings.lan()), settings.localIp());
  }
}
