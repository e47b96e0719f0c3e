package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class WriteWatchTest {
  private static final Path FILE = Path.of("/data/db_v2.sqlite3");
  private static final SQLException FULL =
      new SQLException(
          "Failed to commit transaction",
          new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL));

  private final AtomicLong now = new AtomicLong(7);
  private final WriteWatch watch =
      new WriteWatch(failure -> SqliteError.writeFault(FILE, failure), now::get);

  @Test
  void namesTheCauseAndNotOnlyTheCommitThatFailed() {
    watch.failed(FULL);
    assertThat(watch.fault()).contains("the disk is full: make room on the file system of " + FILE);
  }

  @Test
  void namesAnotherCauseToo() {
    watch.failed(new IOException("the database file is gone"));
    assertThat(watch.fault())
        .contains("the database " + FILE + " cannot be written (the database file is gone)");
  }

  @Test
  void isOverWithTheNextWrite() {
    watch.failed(FULL);
    watch.succeeded();
    assertThat(watch.fault()).isEmpty();
  }

  @Test
  void triesAWriteOnceInFiveSecondsWhileThereIsAFault() {
    assertThat(watch.isProbeDue()).isFalse();
    watch.failed(FULL);
    assertThat(watch.isProbeDue()).isFalse();
    now.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(watch.isProbeDue()).isTrue();
    assertThat(watch.isProbeDue()).isFalse();
  }
}
