package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison of translated pages finds each kind of planted difference. */
class TranslationsTest {
  private static final String ENGLISH =
      """
      # Ports

      [Deutsch](de/ports.md)

      The port is `21116`, see [Firewall](#the-firewall) and [more](relay.md#more).

          ufw allow 21116

      ## The firewall

      | port | for |
      |---|---|
      | 21116 | ID server |
      """;
  private static final String GERMAN =
      """
      # Ports

      [English](../ports.md)

      Siehe [mehr](../relay.md#more) und [Firewall](#die-firewall): Der Port ist `21116`.

          ufw allow 21116

      ## Die Firewall

      | Port | wofür |
      |---|---|
      | 21116 | ID-Server |
      """;

  @TempDir private Path root;

  @BeforeEach
  void writeTheEnglishPage() throws IOException {
    Files.createDirectories(root.resolve("docs/de"));
    Files.writeString(root.resolve("docs/ports.md"), ENGLISH);
  }

  private Translations with(String german) throws IOException {
    Files.writeString(root.resolve("docs/de/ports.md"), german);
    return new Translations(root);
  }

  @Test
  void findsNothingInAFaithfulPage() throws IOException {
    Translations pages = with(GERMAN);

    assertThat(pages.names()).containsExactly("ports.md");
    assertThat(pages.differences("ports.md")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'[English](../ports.md)', '', no line [English]",
    "## Die, ### Die, levels of headings",
    "'    ufw allow 21116', '    ufw allow 21117', lines of code blocks",
    "'| 21116 | ID-Server |', '', rows of tables",
    "`21116`, 21116, names in backquotes",
    "../relay.md, relay.md, targets of links",
    "#die-firewall, #the-firewall, targets of links",
  })
  void findsAPlantedDifference(String from, String to, String told) throws IOException {
    Translations pages = with(GERMAN.replace(from, to));

    assertThat(pages.differences("ports.md")).singleElement().asString().startsWith(told);
  }

  @Test
  void knowsAPageThatWasNeverRecorded() throws IOException {
    assertThat(with(GERMAN).isOfToday("ports.md")).isFalse();
  }

  @Test
  void knowsARecordedPage() throws IOException {
    Translations pages = with(GERMAN);

    pages.record("ports.md");

    assertThat(pages.isOfToday("ports.md")).isTrue();
  }

  @Test
  void knowsAPageWhoseEnglishOneWasChangedSince() throws IOException {
    Translations pages = with(GERMAN);
    pages.record("ports.md");

    Files.writeString(root.resolve("docs/ports.md"), ENGLISH.replace("21116", "21118"));

    assertThat(pages.isOfToday("ports.md")).isFalse();
  }

  @Test
  void recordsAChangedPageInPlaceOfWhatWasRecorded() throws IOException {
    Translations pages = with(GERMAN);
    pages.record("ports.md");
    Files.writeString(root.resolve("docs/ports.md"), ENGLISH.replace("21116", "21118"));

    pages.record("ports.md");

    assertThat(pages.isOfToday("ports.md")).isTrue();
    assertThat(Files.readString(root.resolve("docs/de/ports.md")))
        .startsWith(GERMAN)
        .containsOnlyOnce("SHA-256");
  }
}
