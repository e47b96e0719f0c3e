package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rallypoint.testing.SmallDisk;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SqliteFullDiskTest {
  @TempDir Path folder;

  @Test
  void namesTheFullDiskUntilThereIsRoom() throws Exception {
    Path file = folder.resolve("db_v2.sqlite3");
    String full = "the disk is full: make room on the file system of " + file;
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(WriteWatch.class);
    log.start();
    logger.addAppender(log);
    try (SmallDisk disk = SmallDisk.at(folder, "1m");
        GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      save(store, peer("before"));
      assertThat(store.writeFault()).isEmpty();
      disk.fill();
      for (int i = 0; store.writeFault().isEmpty(); i++) {
        // What is left of the file's last block takes a few.
        add(store, peer("new-" + i)).handle((row, e) -> e).get(20, TimeUnit.SECONDS);
      }

      assertThat(store.writeFault()).contains(full);
      assertThat(find(store, "before")).isPresent();
      assertThat(log.list)
          .filteredOn(event -> event.getFormattedMessage().contains(file.toString()))
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly("new ids are refused, known peers are served: " + full);

      disk.makeRoom();
      await().until(() -> store.writeFault().isEmpty());
      save(store, peer("after"));
    } finally {
      logger.detachAppender(log);
    }
  }
}
