package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressListFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("blocklist.txt");
  }

  @Test
  void readsAFileOfAnEditorOfWindows() throws Exception {
    Files.writeString(file, "\uFEFF203.0.113.7 # größer\r\n198.51.100.0/24\r\n");
    assertThat(new AddressListFile(file).read().entries())
        .containsExactly("203.0.113.7", "198.51.100.0/24");
    Files.write(file, "\uFEFF203.0.113.7".getBytes(StandardCharsets.UTF_16LE));
    assertThat(new AddressListFile(file).read().entries()).containsExactly("203.0.113.7");
  }

  @Test
  void isEmptyWhereThereIsNone() {
    assertThat(new AddressListFile(file).read().entries()).isEmpty();
  }

  @Test
  void isNoNewerThanTheListThatWasWrittenIntoIt() throws Exception {
    AddressListFile written = new AddressListFile(file);
    written.write(AddressList.of("blocklist.txt", List.of("203.0.113.7")), 1_000);

    assertThat(written.isNewerThan(1_000)).isFalse();
    assertThat(written.isNewerThan(999)).isTrue();
  }

  @Test
  void refusesWhatIsNoText() throws Exception {
    Files.write(file, new byte[] {(byte) 0x80, 1, 2});
    assertThatThrownBy(() -> new AddressListFile(file).read())
        .isInstanceOf(SettingException.class)
        .hasMessage("blocklist.txt = " + file + ": is not a text file in UTF-8");
  }
}
