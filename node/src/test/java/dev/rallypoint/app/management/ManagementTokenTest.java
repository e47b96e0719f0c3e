package dev.rallypoint.app.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementTokenTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve(ManagementToken.FILE);
  }

  private String written() throws Exception {
    return Files.readString(file()).strip();
  }

  @Test
  void isMadeOnceAndReadableByItsOwnerOnly() throws Exception {
    ManagementToken made = ManagementToken.loadOrCreate(folder, new Random(1)).orElseThrow();
    ManagementToken again = ManagementToken.loadOrCreate(folder, new Random(2)).orElseThrow();
    assertThat(written()).matches("[A-Za-z0-9_-]{43}");
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(made.isShownBy(written())).isTrue();
    assertThat(again.isShownBy(written())).isTrue();
    assertThat(made.isShownBy(written() + "a")).isFalse();
    assertThat(made.toString()).doesNotContain(written());
  }

  @Test
  void isTheOneThatAnOperatorWrote() throws Exception {
    Files.writeString(file(), "  an-operators-own-0123456789abcdefghij\r\n");
    assertThat(ManagementToken.load(folder).authorization())
        .isEqualTo("Bearer an-operators-own-0123456789abcdefghij");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "thirty-two letters and blanks between them"})
  void isRefusedWhenItIsNone(String text) throws Exception {
    Files.writeString(file(), text);
    assertThatThrownBy(() -> ManagementToken.loadOrCreate(folder, new Random(1)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("management-token = " + file() + ": write 32 or more letters");
  }

  @Test
  void isAskedForByNameWhereThereIsNone() {
    assertThatThrownBy(() -> ManagementToken.load(folder))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("name the data folder of the node by --data");
  }

  @Test
  void isNoneWhereTheFolderCannotBeMade() throws Exception {
    Path inFile = Files.writeString(folder.resolve("file"), "").resolve("data");
    assertThat(ManagementToken.loadOrCreate(inFile, new Random(1))).isEmpty();
  }
}
