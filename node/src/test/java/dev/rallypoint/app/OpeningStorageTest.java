package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that opens while the actor system starts. */
class OpeningStorageTest {
  @TempDir Path folder;

  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void isThereWhenItIsNeeded() {
    OpeningStorage opening = OpeningStorage.begin(new SqliteSettings(folder.resolve("db")));
    Storage storage = opening.opened(ended::incrementAndGet);
    assertThat(storage.ids()).isZero();
    storage.close();
    assertThat(ended).hasValue(0);
  }

  @Test
  void endsWhatWasStartedMeanwhileWhereItIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("db"), "a text, and no database at all");
    OpeningStorage opening = OpeningStorage.begin(new SqliteSettings(file));
    assertThatThrownBy(() -> opening.opened(ended::incrementAndGet))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("db");
    assertThat(ended).hasValue(1);
  }

  @Test
  void letsGoOfTheFolderWhereTheRestOfTheStartIsRefused() {
    OpeningStorage.begin(new SqliteSettings(folder.resolve("db"))).close();
    Storage again =
        OpeningStorage.begin(new SqliteSettings(folder.resolve("db")))
            .opened(ended::incrementAndGet);
    again.close();
    assertThat(ended).hasValue(0);
  }
}
