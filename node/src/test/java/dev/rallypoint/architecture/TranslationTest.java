package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The German pages say what the English ones say. After an English page was changed: change the
 * German one too, then record that with {@code -Drecord-translations=true}.
 */
class TranslationTest {
  private static final Translations PAGES =
      new Translations(Path.of("..").toAbsolutePath().normalize());

  static List<String> pages() {
    return PAGES.names();
  }

  @Test
  void findsThePagesThatAHomeUserNeeds() {
    assertThat(pages())
        .contains(
            "README.md",
            "install.md",
            "from-hbbs.md",
            "from-hbbs-docker.md",
            "clients.md",
            "backup.md",
            "doctor.md");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasTheHeadingsCodeTablesNamesAndLinksOfTheEnglishPage(String page) {
    assertThat(PAGES.differences(page)).as("docs/de/" + page).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void isMadeFromTheEnglishPageAsItIsNow(String page) {
    if (Boolean.getBoolean("record-translations")) {
      PAGES.record(page);
    }
    assertThat(PAGES.isOfToday(page))
        .as(
            "The English page of docs/de/%s was changed. Change the German one likewise, then run"
                + " mvn -pl node -am test -Dtest=TranslationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Drecord-translations=true",
            page)
        .isTrue();
  }
}
