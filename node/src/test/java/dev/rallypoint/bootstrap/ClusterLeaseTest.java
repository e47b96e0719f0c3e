package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one side of a cut cluster can have. */
class ClusterLeaseTest {
  private static final Duration PATIENT = Duration.ofHours(1);
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  private final SharedDatabase database =
      SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));
  private final DownReason reason = new DownReason();

  @AfterEach
  void end() {
    database.close();
  }

  private ClusterLease lease(Duration patience, SplitSide side) {
    LeaseSettings settings =
        LeaseSettings.apply(
            ConfigFactory.load("cluster")
                .getConfig("rallypoint-lease")
                .withFallback(ConfigFactory.load().getConfig("pekko.coordination.lease")),
            "split",
            "rallypoint@127.0.0.1:1");
    return new ClusterLease(settings, database, () -> side, reason, patience, Ticker.SYSTEM);
  }

  private ClusterLease lease() {
    return lease(IMPATIENT, SplitSide.LARGER);
  }

  private static boolean isTaken(ClusterLease lease) {
    return lease.acquire().toCompletableFuture().join();
  }

  private void change(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private int rows() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.createQuery("select count(*) from cluster_lease").mapTo(Integer.class).one());
  }

  @Test
  void isRefusedWhileAnotherLifeOfTheSameAddressHasIt() {
    ClusterLease first = lease();
    ClusterLease second = lease();
    assertThat(isTaken(first)).isTrue();
    assertThat(isTaken(second)).isFalse();
    assertThat(first.checkLease()).isTrue();
    assertThat(second.checkLease()).isFalse();
  }

  @Test
  void isAskedForInVainInLessTimeThanOtherNodesWaitForADecision() {
    Duration untilAsked = Duration.ofSeconds(3); // others see lost nodes later; a look a second
    Duration lastQuestion = Duration.ofSeconds(5); // that of a server which hangs
    Duration gossip = Duration.ofSeconds(2);

    assertThat(
            ConfigFactory.load("cluster")
                .getDuration("pekko.cluster.split-brain-resolver.down-all-when-unstable"))
        .isGreaterThan(untilAsked.plus(ClusterLease.RETRY_TIME).plus(lastQuestion).plus(gossip));
  }

  @Test
  void isTakenOverWhenItHasExpired() {
    isTaken(lease());
    change("update cluster_lease set expires = now() - interval '1 second'");
    ClusterLease next = lease();
    assertThat(isTaken(next)).isTrue();
    assertThat(next.checkLease()).isTrue();
  }

  @Test
  void isTakenAgainByItsOwner() {
    ClusterLease lease = lease();
    isTaken(lease);
    assertThat(isTaken(lease)).isTrue();
    assertThat(rows()).isOne();
  }

  @Test
  void isFreeForOthersOnceItIsReleased() {
    ClusterLease first = lease();
    isTaken(first);
    assertThat(first.release().toCompletableFuture().join()).isTrue();
    assertThat(first.checkLease()).isFalse();
    assertThat(isTaken(lease())).isTrue();
  }

  @Test
  void isNotTakenFromAnotherByAReleaseOfSomebodyElse() {
    isTaken(lease());
    assertThat(lease().release().toCompletableFuture().join()).isTrue();
    assertThat(rows()).isOne();
  }

  @Test
  void isAskedForAgainByTheLargerSideWhileTheDatabaseIsAwayForAMoment() {
    // What a sequence counts is not undone with the transaction that failed.
    change("create sequence tries");
    change(
        """
        create function away() returns trigger language plpgsql as $$ begin
          if nextval('tries') < 3 then raise exception 'away'; end if;
          return new;
        end $$
        """);
    change(
        "create trigger away before insert on cluster_lease for each row execute function away()");
    CompletableFuture<Boolean> taken =
        lease(PATIENT, SplitSide.LARGER).acquire().toCompletableFuture();
    assertThat(taken).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(true);
    assertThat(reason.text()).contains("went on without it");
  }

  @Test
  void isGivenUpByTheLargerSideInTheEnd() {
    change("alter table cluster_lease rename to away");
    ClusterLease lease = lease();
    assertFails(lease);
    assertThat(lease.checkLease()).isFalse();
    assertThat(reason.text()).contains("the database did not answer which side continues");
  }

  @Test
  void isAskedForOnceByTheSmallerSideWhichEndsBeforeTheOtherOwnsItsEntities() {
    change("alter table cluster_lease rename to away");
    assertFails(lease(PATIENT, SplitSide.SMALLER));
  }

  @Test
  void isNotNeededByAMajorityThatTheDatabaseDoesNotAnswer() {
    change("alter table cluster_lease rename to away");
    ClusterLease lease = lease(IMPATIENT, SplitSide.MAJORITY);
    assertThat(isTaken(lease)).isTrue();
    assertThat(lease.checkLease()).as("nothing is held").isFalse();
    assertThat(reason.text()).contains("went on without it");
  }

  @Test
  void isNeededByAMajorityThatTheDatabaseAnswers() {
    isTaken(lease());
    assertThat(isTaken(lease(IMPATIENT, SplitSide.MAJORITY))).isFalse();
  }

  private static void assertFails(ClusterLease lease) {
    CompletableFuture<Boolean> asked = lease.acquire().toCompletableFuture();
    await().atMost(Duration.ofSeconds(60)).until(asked::isDone);
    assertThat(asked.handle((taken, failure) -> failure).join())
        .hasRootCauseInstanceOf(SQLException.class);
  }
}
