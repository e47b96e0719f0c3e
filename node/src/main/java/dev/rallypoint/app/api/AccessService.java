package dev.rallypoint.app.api;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.AuditReferences;
import dev.rallypoint.account.Organization;
import dev.rallypoint.app.steering.SteeringNode;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what decides on a node who may control which device. */
public final class AccessService {
  private static final Logger LOG = LoggerFactory.getLogger(AccessService.class);

  /** A change is known on each node after so long, and a read. */
  private static final Duration LOOKS = Duration.ofMillis(500);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

  private AccessService() {}

  /**
   * Starts it, where the node knows the accounts.
   *
   * @param pair the server's secret key pair, where the node has it
   * @param steering ends relay sessions, and explains by what is started
   */
  public static Optional<AccessControl> start(
      NodeParts parts,
      Optional<SigningKey> pair,
      Optional<AccountDatabase> accounts,
      SteeringNode steering) {
    Optional<AccessControl> access =
        accounts.map(database -> start(parts, pair, database, steering));
    steering.decidesBy(access);
    return access;
  }

  private static AccessControl start(
      NodeParts parts, Optional<SigningKey> pair, AccountDatabase database, SteeringNode steering) {
    SecureRandom random = new SecureRandom();
    AccessControl control =
        new AccessControl(
            parts.settings().rendezvous().access(),
            database,
            Organization.DEFAULT,
            pair.map(known -> new AuditReferences(known, random)),
            random,
            parts.counters(),
            parts.ticker(),
            parts.wallClock());
    control.live().cutBy(steering::cut);
    try {
      control
          .look()
          .toCompletableFuture()
          .orTimeout(FIRST_LOOK.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (RuntimeException late) {
      LOG.warn("the database of accounts does not answer yet");
    }
    parts
        .system()
        .scheduler()
        .scheduleWithFixedDelay(LOOKS, LOOKS, control::look, parts.system().executionContext());
    return control;
  }
}
