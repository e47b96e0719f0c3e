package dev.rallypoint.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the documents to the reasons that are counted. */
class DropReasonTest {
  private static String page(String name) throws IOException {
    return Files.readString(Path.of("../docs").resolve(name));
  }

  @ParameterizedTest
  @EnumSource
  void isDocumented(DropReason reason) throws IOException {
    assertThat(page("protocol.md") + page("behind-a-proxy.md"))
        .contains("`" + reason.label() + "`");
  }
}
