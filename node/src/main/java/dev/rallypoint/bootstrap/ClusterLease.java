package dev.rallypoint.bootstrap;

import dev.rallypoint.store.SharedDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only one side of a cut network can have: a row of the shared database. The split brain
 * resolver asks for it when it has members that it cannot reach, and gives it back when they are
 * gone. Pekko makes it, by its name in the configuration.
 *
 * <p>A side that gets no answer has to end before the other one, which may have got it, owns its
 * entities. The smaller side asks 2 s later than the larger, and either has the other's entities 4
 * s after it got the lease: so the larger side may ask for 4 s, the smaller only once.
 */
public final class ClusterLease extends Lease {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterLease.class);

  /** Longer than any split takes to be decided on both sides. */
  private static final Duration HELD = Duration.ofMinutes(1);

  /** How long the larger side waits for a database that is just being restarted. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final String TAKE =
      """
      insert into cluster_lease (name, owner, expires)
      values (?, ?, clock_timestamp() + make_interval(secs => ?))
      on conflict (name) do update set owner = excluded.owner, expires = excluded.expires
      where cluster_lease.owner = excluded.owner or cluster_lease.expires < clock_timestamp()
      """;

  private static final String GIVE_BACK = "delete from cluster_lease where name = ? and owner = ?";

  private final LeaseSettings settings;
  private final SharedDatabase database;
  private final BooleanSupplier isOnTheSmallerSide;
  private final DownReason givenUp;
  private final Duration patience;
  private final String owner;
  private final Executor threads =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-lease").factory());
  private volatile long heldUntil;
  private volatile boolean isHeld;

  /** The database, handed to the lease through the actor system. */
  static final class Source extends Setup {
    private final SharedDatabase database;

    Source(SharedDatabase database) {
      this.database = database;
    }
  }

  /** The constructor that Pekko looks for. */
  public ClusterLease(LeaseSettings settings, ExtendedActorSystem system) {
    this(
        settings,
        of(system, Source.class).database,
        // Asked late: the cluster is still being made now.
        () -> SplitSide.isSmaller(Cluster.get(system).state()),
        of(system, DownReason.class),
        PATIENCE);
  }

  ClusterLease(
      LeaseSettings settings,
      SharedDatabase database,
      BooleanSupplier isOnTheSmallerSide,
      DownReason givenUp,
      Duration patience) {
    this.settings = settings;
    this.database = database;
    this.isOnTheSmallerSide = isOnTheSmallerSide;
    this.givenUp = givenUp;
    this.patience = patience;
    // An earlier life at the same address is another owner.
    this.owner = settings.ownerName() + "#" + UUID.randomUUID();
  }

  private static <T extends Setup> T of(ExtendedActorSystem system, Class<T> kind) {
    ActorSystemSetup setup = system.settings().setup();
    return setup
        .get(kind)
        .orElseThrow(
            () -> new IllegalStateException("no " + kind.getSimpleName() + " for the lease"));
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
    Duration wait = isOnTheSmallerSide.getAsBoolean() ? Duration.ZERO : patience;
    long start = System.nanoTime();
    while (true) {
      long asked = System.nanoTime();
      try {
        isHeld = changes(TAKE, true) == 1;
        heldUntil = asked + HELD.toNanos();
        return isHeld;
      } catch (SQLException e) {
        if (System.nanoTime() - start + PAUSE.toNanos() > wait.toNanos()) {
          LOG.error("the database does not say which side of a split goes on; this one ends", e);
          givenUp.onUndecided();
          throw new CompletionException(e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private boolean giveBack() {
    isHeld = false;
    try {
      changes(GIVE_BACK, false);
      return true;
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** How many rows a statement about this lease and owner changes; may be done twice. */
  private int changes(String sql, boolean isTimed) throws SQLException {
    return database.inTransaction(transaction -> changes(transaction, sql, isTimed));
  }

  private int changes(Connection transaction, String sql, boolean isTimed) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(sql)) {
      statement.setString(1, settings.leaseName());
      statement.setString(2, owner);
      if (isTimed) {
        statement.setDouble(3, HELD.toSeconds());
      }
      return statement.executeUpdate();
    }
  }
}
