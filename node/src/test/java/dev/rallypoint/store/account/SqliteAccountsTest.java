package dev.rallypoint.store.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of accounts, on SQLite. */
class SqliteAccountsTest extends AccountDatabaseContract {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve(AccountDatabase.FILE);
  }

  @Override
  AccountDatabase open() {
    return AccountDatabase.openSqlite(file());
  }

  @Test
  void letsNobodyElseReadTheFile() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void saysWhichFileCannotBeUsed() throws IOException {
    Path other = Files.writeString(folder.resolve("other.sqlite3"), "no database".repeat(100));
    assertThatThrownBy(() -> AccountDatabase.openSqlite(other).close())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(other.toString());
  }
}
