package dev.rallypoint.config.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("file");
  }

  @Test
  void readsUtf8() throws IOException {
    Files.writeString(file, "Größe\r\nα\n");
    assertThat(TextFile.read(file)).isEqualTo("Größe\r\nα\n");
  }

  @Test
  void takesTheMarkOff() throws IOException {
    Files.writeString(file, "\uFEFFGröße\uFEFF");
    assertThat(TextFile.read(file)).isEqualTo("Größe\uFEFF");
  }

  @Test
  void readsWhatWindowsCallsUnicode() throws IOException {
    Files.write(file, "\uFEFFGröße".getBytes(StandardCharsets.UTF_16LE));
    assertThat(TextFile.read(file)).isEqualTo("Größe");
    Files.write(file, "\uFEFFGröße".getBytes(StandardCharsets.UTF_16BE));
    assertThat(TextFile.read(file)).isEqualTo("Größe");
  }

  @Test
  void readsAnEmptyFile() throws IOException {
    assertThat(TextFile.read(Files.createFile(file))).isEmpty();
  }

  @Test
  void refusesAnotherEncodingUnlessOnlyAsciiCounts() throws IOException {
    Files.write(file, "# Größe\nabc".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> TextFile.read(file)).isInstanceOf(CharacterCodingException.class);
    assertThat(TextFile.readAscii(file, 100)).endsWith("\nabc");
  }

  @Test
  void readsNoMoreThanItIsAllowed() throws IOException {
    byte[] bytes = new byte[101];
    Arrays.fill(bytes, (byte) 'a');
    Files.write(file, bytes);
    assertThatThrownBy(() -> TextFile.readAscii(file, 100))
        .isInstanceOf(IOException.class)
        .hasMessage("it is longer than 100 bytes");
  }

  @Test
  void saysInOneLineWhyAFileIsNotRead() {
    assertThatThrownBy(() -> TextFile.read(file)).isInstanceOf(NoSuchFileException.class);
    assertThat(SettingException.unreadable("config", file, new NoSuchFileException("x")))
        .hasMessage("config = " + file + ": there is no such file");
    assertThat(SettingException.unreadable("config", file, new CharacterCodingException()))
        .hasMessage("config = " + file + ": is not a text file in UTF-8");
    assertThat(SettingException.unreadable("config", file, new IOException("Is a directory")))
        .hasMessage("config = " + file + ": cannot be read: Is a directory");
  }
}
