package dev.rallypoint.forming;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only one side of a cut network can have: a row of the shared database. The split brain
 * resolver asks for it when it has members that it cannot reach, and gives it back when they are
 * gone. Pekko makes it, by its name in the configuration.
 */
public final class ClusterLease extends Lease {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterLease.class);

  /** Longer than any split takes to be decided on both sides. */
  private static final Duration HELD = Duration.ofMinutes(1);

  /** How long a database that is just being restarted is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final LeaseSettings settings;
  private final Jdbi jdbi;
  private final String owner;
  private final Executor threads =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-lease").factory());
  private volatile long heldUntil;
  private volatile boolean isHeld;

  /** The database, handed to the lease through the actor system. */
  static final class Source extends Setup {
    private final Jdbi jdbi;

    Source(Jdbi jdbi) {
      this.jdbi = jdbi;
    }
  }

  /** The constructor that Pekko looks for. */
  public ClusterLease(LeaseSettings settings, ExtendedActorSystem system) {
    this(
        settings,
        system
            .settings()
            .setup()
            .get(Source.class)
            .orElseThrow(() -> new IllegalStateException("no database for the lease"))
            .jdbi);
  }

  ClusterLease(LeaseSettings settings, Jdbi jdbi) {
    this.settings = settings;
    this.jdbi = jdbi;
    // An earlier life at the same address is another owner.
    this.owner = settings.ownerName() + "#" + UUID.randomUUID();
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return CompletableFuture.supplyAsync(this::take, threads);
  }

  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> onLost) {
    return acquire();
  }

  @Override
  public CompletionStage<Boolean> release() {
    return CompletableFuture.supplyAsync(this::giveBack, threads);
  }

  @Override
  public boolean checkLease() {
    return isHeld && System.nanoTime() - heldUntil < 0;
  }

  private boolean take() {
    long start = System.nanoTime();
    while (true) {
      long asked = System.nanoTime();
      try {
        isHeld = isTaken();
        heldUntil = asked + HELD.toNanos();
        return isHeld;
      } catch (JdbiException e) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          LOG.error("the database does not say which side of a split goes on; this one ends", e);
          throw e;
        }
      }
    }
  }

  private boolean isTaken() {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "insert into cluster_lease (name, owner, expires)"
                    + " values (:name, :owner,"
                    + " clock_timestamp() + make_interval(secs => :held))"
                    + " on conflict (name) do update"
                    + " set owner = excluded.owner, expires = excluded.expires"
                    + " where cluster_lease.owner = excluded.owner"
                    + " or cluster_lease.expires < clock_timestamp()")
            .bind("name", settings.leaseName())
            .bind("owner", owner)
            .bind("held", (double) HELD.toSeconds())
            .execute())
        == 1;
  }

  private boolean giveBack() {
    isHeld = false;
    jdbi.useHandle(handle ->
        handle
            .createUpdate("delete from cluster_lease where name = :name and owner = :owner")
            .bind("name", settings.leaseName())
            .bind("owner", owner)
            .execute());
    return true;
  }
}
