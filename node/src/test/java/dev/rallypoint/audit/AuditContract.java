package dev.rallypoint.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.DeviceAudits.AlarmPost;
import dev.rallypoint.audit.DeviceAudits.FilePost;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.AuditUpkeep.Part;
import dev.rallypoint.store.audit.ConnectionRow.Controller;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import dev.rallypoint.store.audit.FileTable.FileRow;
import dev.rallypoint.store.audit.FileTable.Side;
import dev.rallypoint.store.audit.FileTable.Transfer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Files, alarms, what administrators did, and all audits as they are read and deleted. */
abstract class AuditContract extends ConnectionAuditContract {
  @Test
  void keepFilesWithTheirConnectionAndUser() {
    opened();
    FilePost post =
        new FilePost(
            DEVICE,
            5,
            new Side("192.0.2.7", "987654321", "Bob's desk"),
            new Transfer(1, "/tmp/%_\\", true, 1, "[[\"a\",7]]"),
            "f1");
    assertThat(join(one.others.takeFile(post))).isTrue();
    assertThat(join(two.others.takeFile(post))).isFalse();

    FileRow row = join(two.others.files(ORG, all())).rows().getFirst();
    assertThat(row.connection()).contains(rows().getFirst().guid());
    assertThat(row.user().map(Controller::name)).contains("alice");
    assertThat(row.transfer()).isEqualTo(post.transfer());
    assertThat(row.side()).isEqualTo(post.side());
  }

  @Test
  void keepAlarmsAndWhatAdministratorsDid() {
    AlarmPost alarm = new AlarmPost(DEVICE, 1, "{\"ip\":\"192.0.2.9\"}", 0, "", "a1");
    assertThat(join(one.others.takeAlarm(alarm))).isTrue();
    assertThat(join(two.others.takeAlarm(alarm))).isFalse();
    Actor root = new Actor("g", "root", "192.0.2.1");
    join(
        one.console.after(
            CompletableFuture.completedStage(1),
            root,
            new Change(ConsoleOperation.DELETE_USER, "bob", "")));
    var failed =
        one.console.after(
            CompletableFuture.failedStage(new IllegalStateException()),
            root,
            new Change(ConsoleOperation.DELETE_USER, "carol", ""));

    assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    assertThat(join(two.others.alarms(ORG, all())).rows().getFirst().info())
        .isEqualTo(alarm.info());
    assertThat(join(two.console.list(ORG, all())).rows())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.actor()).isEqualTo(root);
          assertThat(row.target()).isEqualTo("bob");
          assertThat(row.typ()).isEqualTo(1);
          assertThat(row.iop()).isEqualTo(13);
        });
  }

  @Test
  void areFoundByIdWithPercentSignsOnlyAsWildcards() {
    opened();
    now.addAndGet(5_000);
    join(one.connections.take(post(Told.OPENED, 6, "", "n6")));
    Map<String, Long> expected =
        Map.of(
            DEVICE, 2L, "987654321", 1L, "987%", 1L, "%", 2L, "98765432_", 0L, "'--", 0L, "\\", 0L);
    expected.forEach((text, count) ->
        assertThat(
                join(two.connections.list(
                        ORG, new AuditFilter(Optional.of(text), Optional.empty(), 0, 0, 10), false))
                    .total())
            .as(text)
            .isEqualTo(count));
    AuditFilter late =
        new AuditFilter(Optional.empty(), Optional.empty(), 1_000_000_005_000L, 0, 10);
    AuditFilter desktop = new AuditFilter(Optional.empty(), Optional.of(0), 0, 0, 10);
    AuditFilter second = new AuditFilter(Optional.empty(), Optional.empty(), 0, 1, 1);
    assertThat(join(two.connections.list(ORG, late, false)).total()).isOne();
    assertThat(join(two.connections.list(ORG, desktop, false)).total()).isOne();
    assertThat(join(two.connections.list(ORG, second, false)).rows())
        .extracting(row -> row.where().connId())
        .containsExactly(5L);
    assertThat(join(two.connections.list("other", all(), false)).total()).isZero();
  }

  @Test
  void areDeletedWhenTheyAreOldByOneNodeAtATime() {
    opened();
    join(one.connections.take(post(Told.CLOSED, 5, "", "n3")));
    join(one.connections.take(post(Told.OPENED, 6, "", "n4")));
    join(
        one.console.after(
            CompletableFuture.completedStage(1),
            ConsoleLog.OPERATOR,
            new Change(ConsoleOperation.ADD_USER, "bob", "")));
    assertThat(join(one.retention.run())).containsEntry(Part.CONNECTIONS, 0L);
    assertThat(join(two.retention.run())).isEmpty();
    now.addAndGet(Duration.ofDays(91).toMillis());

    Map<Part, Long> deleted = join(two.retention.run());

    assertThat(deleted).containsEntry(Part.CONNECTIONS, 1L).containsEntry(Part.CONSOLE, 0L);
    assertThat(rows()).extracting(row -> row.where().connId()).containsExactly(6L);
  }
}
