package dev.rallypoint.policy.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BookTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"Support", "a", "Kunden & Partner; -- %_'\"", "支持", "x y"})
  void takesANameOfABook(String name) {
    assertThat(BookText.nameFault(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "My address book",
        "my ADDRESS book ",
        "Legacy address book",
        "a\u0000b",
        "a\nb",
        "\ud800"
      })
  void refusesANameOfABook(String name) {
    assertThat(BookText.nameFault(name)).isPresent();
  }

  @Test
  void boundsNamesTagsAndIds() {
    assertThat(BookText.nameFault("x".repeat(128))).isEmpty();
    assertThat(BookText.nameFault("x".repeat(129))).isPresent();
    assertThat(BookText.tagFault("x".repeat(129))).isPresent();
    assertThat(BookText.idFault("x".repeat(129))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "00000000-0000-7000-8000-000000000001, true",
    "00000000-0000-7000-8000-00000000000, false",
    "00000000000070008000000000000001abcd, false",
    "%0000000-0000-7000-8000-000000000001, false",
    "'', false"
  })
  void knowsTheFormOfAGuid(String text, boolean isGuid) {
    assertThat(BookText.isGuid(text)).isEqualTo(isGuid);
  }

  @Test
  void makesOpaqueColorsThatDiffer() {
    List<Long> colors =
        List.of("a", "b", "c", "d", "e", "f").stream().map(BookText::color).toList();
    assertThat(colors)
        .doesNotHaveDuplicates()
        .allSatisfy(color -> assertThat(color).isBetween(0xFF000000L, 0xFFFFFFFFL));
    assertThat(BookText.color("a")).isEqualTo(BookText.color("a"));
  }

  @ParameterizedTest
  @CsvSource({"1, READ", "2, WRITE", "3, FULL"})
  void knowsTheRuleOfANumber(int number, BookRule rule) {
    assertThat(BookRule.of(number)).contains(rule);
    assertThat(rule.number()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, -1, 4_294_967_297L})
  void knowsNoRuleOfAnotherNumber(long number) {
    assertThat(BookRule.of(number)).isEmpty();
  }

  @Test
  void allowsWithTheStrongerRuleWhatTheWeakerAllows() {
    assertThat(BookRule.FULL.allows(BookRule.WRITE)).isTrue();
    assertThat(BookRule.WRITE.allows(BookRule.WRITE)).isTrue();
    assertThat(BookRule.READ.allows(BookRule.WRITE)).isFalse();
  }

  @Test
  void takesLinesInANoteButNoControlCharacters() {
    assertThat(EntryField.NOTE.fault("a\nb\tc")).isEmpty();
    assertThat(EntryField.NOTE.fault("a\u0000")).isPresent();
    assertThat(EntryField.NOTE.fault("\udc00")).isPresent();
    assertThat(EntryField.NOTE.fault("x".repeat(2_049))).isPresent();
    assertThat(EntryField.ALIAS.fault("\ud83d\ude00")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'Support', Support, '', '', '', ''",
    "'Support,vip', Support, vip, '', '', ''",
    "'Support, vip ,Till 7,s3cret,a, b', Support, vip, Till 7, s3cret, 'a, b'",
    "'Support,,,,only a note', Support, '', '', '', only a note"
  })
  void readsAPreset(
      String value, String book, String tag, String alias, String password, String note) {
    assertThat(Preset.parse(value)).isEqualTo(new Preset(book, tag, alias, password, note));
    assertThat(Preset.parse(value).toString()).doesNotContain("s3cret");
  }
}
