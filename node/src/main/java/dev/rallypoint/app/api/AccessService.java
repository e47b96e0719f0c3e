package dev.rallypoint.app.api;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.AuditReferences;
import dev.rallypoint.account.Organization;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
   * @param cut ends the relay session of a uuid, on whatever nodes it is
   */
  public static Optional<AccessControl> start(
      NodeParts parts,
      Optional<SigningKey> pair,
      Optional<AccountDatabase> accounts,
      Consumer<String> cut) {
    return accounts.map(database -> start(parts, pair, database, cut));
  }

  private static AccessControl start(
      NodeParts parts, Optional<SigningKey> pair, AccountDatabase database, Consumer<String> cut) {
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
    control.live().cutBy(cut);
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
