package dev.rallypoint.bootstrap;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.time.Ticker;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that only one side of a network partition can hold: a row of the shared database. The
 * split brain resolver of Pekko acquires it when there are members that it cannot reach, and
 * releases it when they are removed. Pekko creates this class by its name in the configuration.
 *
 * <p>A side that gets no answer has to end before the other side, which may hold the lease, takes
 * over its entities. The smaller side asks 2 s later than the larger one, and a side takes over
 * entities 4 s after it got the lease: so the larger side may ask for 4 s, the smaller only once.
 *
 * <p>A majority of three or more members goes on when the database does not answer: no other side
 * can do that. A smaller side that the database answers, while it does not answer the majority,
 * goes on too. The majority ends when it reaches the database again ({@link MemberHeartbeat}).
 */
public final class ClusterLease extends Lease {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterLease.class);

  /** Longer than both sides need to decide any partition. */
  private static final Duration HELD = Duration.ofMinutes(1);

  /** How long the larger side retries; a database may be restarting. */
  static final Duration RETRY_TIME = Duration.ofSeconds(4);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final String ACQUIRE =
      """
      insert into cluster_lease (name, owner, expires)
      values (?, ?, clock_timestamp() + make_interval(secs => ?))
      on conflict (name) do update set owner = excluded.owner, expires = excluded.expires
      where cluster_lease.owner = excluded.owner or cluster_lease.expires < clock_timestamp()
      """;

  private static final String RELEASE = "delete from cluster_lease where name = ? and owner = ?";

  private final LeaseSettings settings;
  private final SharedDatabase database;
  private final Supplier<SplitSide> side;
  private final DownReason reason;
  private final Duration retryTime;
  private final Ticker ticker;
  private final String owner;
  private final Executor threads =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-lease").factory());
  private volatile long heldUntil;
  private volatile boolean isHeld;

  /** Passes the database to the lease through the setup of the actor system. */
  static final class Source extends Setup {
    private final SharedDatabase database;

    Source(SharedDatabase database) {
      this.database = database;
    }
  }

  /** The constructor that Pekko calls. */
  public ClusterLease(LeaseSettings settings, ExtendedActorSystem system) {
    this(
        settings,
        system.settings().setup().get(Source.class).orElseThrow().database,
        // Evaluated later: the cluster extension is still being created now.
        () -> SplitSide.of(Cluster.get(system).state()),
        DownReason.of(system),
        RETRY_TIME,
        Ticker.SYSTEM);
  }

  ClusterLease(
      LeaseSettings settings,
      SharedDatabase database,
      Supplier<SplitSide> side,
      DownReason reason,
      Duration retryTime,
      Ticker ticker) {
    this.settings = settings;
    this.database = database;
    this.side = side;
    this.reason = reason;
    this.retryTime = retryTime;
    this.ticker = ticker;
    // An earlier run of a node at the same address is another owner.
    this.owner = settings.ownerName() + "#" + UUID.randomUUID();
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return CompletableFuture.supplyAsync(this::acquireNow, threads);
  }

  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> onLost) {
    return acquire();
  }

  @Override
  public CompletionStage<Boolean> release() {
    return CompletableFuture.supplyAsync(this::releaseNow, threads);
  }

  @Override
  public boolean checkLease() {
    return isHeld && ticker.nanos() - heldUntil < 0;
  }

  private boolean acquireNow() {
    SplitSide ownSide = side.get();
    Duration wait = ownSide == SplitSide.SMALLER ? Duration.ZERO : retryTime;
    long start = ticker.nanos();
    while (true) {
      long asked = ticker.nanos();
      try {
        isHeld = execute(ACQUIRE, settings.leaseName(), owner, (double) HELD.toSeconds()) == 1;
        heldUntil = asked + HELD.toNanos();
        if (!isHeld) {
          LOG.warn("the other side of a partition goes on, by the database; this one ends");
        }
        return isHeld;
      } catch (SQLException e) {
        if (ticker.nanos() - start + PAUSE.toNanos() > wait.toNanos()) {
          if (ownSide == SplitSide.MAJORITY) {
            LOG.warn(
                "the database does not answer which side of a partition goes on; this one goes on,"
                    + " because it has more than half of the members: {}",
                e.getMessage());
            return true;
          }
          LOG.error(
              "the database does not answer which side of a partition goes on; this one ends: {}",
              e.getMessage());
          reason.onUndecided();
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

  private boolean releaseNow() {
    isHeld = false;
    try {
      execute(RELEASE, settings.leaseName(), owner);
      return true;
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** Executes a statement with these values and returns how many rows it changed. */
  private int execute(String sql, Object... values) throws SQLException {
    return database.inTransaction(transaction -> {
      try (PreparedStatement statement = transaction.prepareStatement(sql)) {
        for (int i = 0; i < values.length; i++) {
          statement.setObject(i + 1, values[i]);
        }
        return statement.executeUpdate();
      }
    });
  }
}
