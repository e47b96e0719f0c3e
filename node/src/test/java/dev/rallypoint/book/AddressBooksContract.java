package dev.rallypoint.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.policy.book.Preset;
import dev.rallypoint.store.account.UserTable;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable.Filter;
import dev.rallypoint.store.book.TagTable.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What entries and tags of address books do, on each kind of database. */
abstract class AddressBooksContract extends AddressBookContract {
  private CompletionStage<Boolean> preset(String id, Preset preset) {
    return database.call(handle -> books.preset(handle, bob.org(), id, preset));
  }

  @Test
  void givesAUserTheSamePersonalBookEachTime() {
    assertThat(personal(bob)).isEqualTo(personal(bob)).isNotEqualTo(personal(carol));
  }

  @Test
  void keepsAnEntryAsItWasWritten() {
    String book = personal(bob);
    Entry written =
        new Entry(
            "123456789",
            Map.of(
                EntryField.ALIAS, "Till 7 ' or 1=1 --",
                EntryField.HASH, "aGFzaA==",
                EntryField.FORCE_RELAY, "true",
                EntryField.NOTE, "two\nlines"),
            Optional.of(List.of("vip", "office")),
            Optional.of(true));
    join(books.add(bob, book, written));

    Entry read = entries(bob, book).getFirst();
    assertThat(read.texts()).containsAllEntriesOf(written.texts());
    assertThat(read.text(EntryField.PASSWORD)).isEmpty();
    assertThat(read.tags()).contains(List.of("office", "vip"));
    assertThat(read.sameServer()).contains(true);
    assertThat(tagNames(bob, book)).containsExactly("office", "vip");
  }

  @Test
  void changesOnlyWhatAChangeHas() {
    String book = personal(bob);
    join(
        books.add(bob, book, entry("1", Map.of(EntryField.ALIAS, "a", EntryField.HASH, "h"), "t")));
    join(books.update(bob, book, change("1", EntryField.HOSTNAME, "desk")));

    Entry read = entries(bob, book).getFirst();
    assertThat(read.text(EntryField.ALIAS)).isEqualTo("a");
    assertThat(read.text(EntryField.HASH)).isEqualTo("h");
    assertThat(read.text(EntryField.HOSTNAME)).isEqualTo("desk");
    assertThat(read.tags()).contains(List.of("t"));
  }

  @Test
  void takesAnEntryThatIsAddedAgainAsAChange() {
    String book = personal(bob);
    join(books.add(bob, book, named("1", "a")));
    join(books.add(bob, book, change("1", EntryField.NOTE, "n")));
    assertThat(entries(bob, book))
        .singleElement()
        .satisfies(read -> {
          assertThat(read.text(EntryField.ALIAS)).isEqualTo("a");
          assertThat(read.text(EntryField.NOTE)).isEqualTo("n");
        });
  }

  @Test
  void changesNoEntryThatIsNotThere() {
    String book = personal(bob);
    assertRefused(
        Kind.UNKNOWN, () -> join(books.update(bob, book, change("1", EntryField.NOTE, "n"))));
  }

  @Test
  void sealsSecretsInTheDatabase() {
    String book = personal(bob);
    join(
        books.add(
            bob,
            book,
            entry("1", Map.of(EntryField.HASH, "a hash", EntryField.PASSWORD, "a password"))));
    List<String> stored =
        join(
            database.call(handle ->
                handle
                    .createQuery("select hash || ' ' || password from api_address_book_peer")
                    .mapTo(String.class)
                    .list()));
    assertThat(stored).singleElement().asString().startsWith("1:").doesNotContain("a hash");
    assertThat(entries(bob, book).getFirst().text(EntryField.PASSWORD)).isEqualTo("a password");
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 1 12 2",
    "1, '', 1",
    "1%, '', 1 12",
    "'%', '', 1 12 2",
    "'', a_c, 12",
    "'', a_%, 12",
    "'', %B%, 1",
    "'', -, 2",
    "'', '1=1 or %', ",
    "!%, '', "
  })
  void findsEntriesByIdAndAlias(String id, String alias, String found) {
    String book = personal(bob);
    join(books.add(bob, book, named("1", "abc")));
    join(books.add(bob, book, named("12", "a_c")));
    join(books.add(bob, book, named("2", "")));
    var page = join(books.entries(bob, book, new Filter(id, alias, false), 0, 100));
    assertThat(String.join(" ", page.rows().stream().map(Entry::id).toList()))
        .isEqualTo(found == null ? "" : found);
    assertThat(page.total()).isEqualTo(page.rows().size());
  }

  @Test
  void tellsEntriesPageByPage() {
    String book = personal(bob);
    for (int i = 0; i < 5; i++) {
      join(books.add(bob, book, entry("id" + i, Map.of(), "t" + i)));
    }
    var page = join(books.entries(bob, book, Filter.ALL, 2, 2));
    assertThat(page.total()).isEqualTo(5);
    assertThat(page.rows()).extracting(Entry::id).containsExactly("id2", "id3");
    assertThat(page.rows().getFirst().tags()).contains(List.of("t2"));
  }

  @Test
  void restoresWhatWasDeletedUntilItIsPurged() {
    String book = personal(bob);
    join(books.add(bob, book, entry("1", Map.of(EntryField.PASSWORD, "secret"), "t")));
    join(books.add(bob, book, named("2", "stays")));
    join(books.delete(bob, book, List.of("1", "unknown")));
    assertThat(ids(bob, book)).containsExactly("2");
    assertThat(join(books.entries(bob, book, new Filter("", "", true), 0, 10)).rows())
        .extracting(Entry::id)
        .containsExactly("1");

    pass(BookLimits.DELETED_FOR.minusDays(1));
    join(bin.purge());
    join(books.restore(bob, book, List.of("1")));
    assertThat(entries(bob, book).getFirst().text(EntryField.PASSWORD)).isEqualTo("secret");
    assertThat(entries(bob, book).getFirst().tags()).contains(List.of("t"));

    join(books.delete(bob, book, List.of("1")));
    pass(BookLimits.DELETED_FOR.plus(Duration.ofMillis(1)));
    join(bin.purge());
    join(books.restore(bob, book, List.of("1")));
    assertThat(ids(bob, book)).containsExactly("2");
  }

  @Test
  void beginsAnewWithAnEntryThatWasDeleted() {
    String book = personal(bob);
    join(books.add(bob, book, entry("1", Map.of(EntryField.PASSWORD, "old"), "t")));
    join(books.delete(bob, book, List.of("1")));
    join(books.add(bob, book, named("1", "new")));
    Entry read = entries(bob, book).getFirst();
    assertThat(read.text(EntryField.PASSWORD)).isEmpty();
    assertThat(read.tags()).contains(List.of());
    assertThat(join(books.entries(bob, book, Filter.ALL, 0, 1)).total()).isEqualTo(1);
  }

  @Test
  void renamesATagAtAllEntries() {
    String book = personal(bob);
    join(tags.add(bob, book, new Tag("old", 0xFFFF0000L)));
    join(books.add(bob, book, entry("1", Map.of(), "old", "other")));
    join(tags.rename(bob, book, "old", "new"));
    assertThat(join(tags.list(bob, book))).contains(new Tag("new", 0xFFFF0000L));
    assertThat(entries(bob, book).getFirst().tags()).contains(List.of("new", "other"));
    assertRefused(Kind.CONFLICT, () -> join(tags.rename(bob, book, "new", "other")));
    assertRefused(Kind.UNKNOWN, () -> join(tags.rename(bob, book, "old", "newer")));
  }

  @Test
  void changesTheColorOfATagAndDeletesIt() {
    String book = personal(bob);
    join(tags.add(bob, book, new Tag("t", 1)));
    join(books.add(bob, book, entry("1", Map.of(), "t")));
    join(tags.setColor(bob, book, new Tag("t", Long.MAX_VALUE)));
    assertThat(join(tags.list(bob, book))).containsExactly(new Tag("t", Long.MAX_VALUE));
    assertRefused(Kind.UNKNOWN, () -> join(tags.setColor(bob, book, new Tag("T", 1))));
    join(tags.delete(bob, book, List.of("t", "unknown")));
    assertThat(tagNames(bob, book)).isEmpty();
    assertThat(entries(bob, book).getFirst().tags()).contains(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00000000-0000-7000-8000-00000000dead", "' or 1=1 --", "%"})
  void knowsNoBookOfAnotherGuid(String guid) {
    assertRefused(Kind.UNKNOWN, () -> join(books.entries(bob, guid, Filter.ALL, 0, 1)));
    assertRefused(Kind.UNKNOWN, () -> join(books.add(bob, guid, named("1", ""))));
    assertRefused(Kind.UNKNOWN, () -> join(tags.list(bob, guid)));
  }

  @Test
  void showsAPersonalBookToNobodyElseNotEvenAnAdministrator() {
    String book = personal(bob);
    join(books.add(bob, book, named("1", "a")));
    assertRefused(Kind.UNKNOWN, () -> ids(carol, book));
    assertRefused(Kind.UNKNOWN, () -> ids(alice, book));
    assertRefused(Kind.UNKNOWN, () -> join(books.delete(alice, book, List.of("1"))));
    assertRefused(Kind.UNKNOWN, () -> join(books.restore(carol, book, List.of("1"))));
    assertThat(ids(bob, book)).containsExactly("1");
  }

  @Test
  void losesNoChangeOfClientsThatWriteAtOnce() {
    String book = personal(bob);
    List<CompletionStage<Boolean>> all = new ArrayList<>();
    join(books.add(bob, book, named("same", "")));
    for (int i = 0; i < 20; i++) {
      all.add(books.add(bob, book, entry("id" + i, Map.of(), "tag" + i % 3)));
      all.add(
          books.update(
              bob, book, change("same", EntryField.values()[i % 2 == 0 ? 0 : 3], "value " + i)));
    }
    all.forEach(AddressBookContract::join);
    assertThat(ids(bob, book)).hasSize(21);
    assertThat(join(books.entries(bob, book, Filter.ALL, 0, 1)).total()).isEqualTo(21);
    Entry same = entries(bob, book).getLast();
    assertThat(same.text(EntryField.ALIAS)).isNotEmpty();
    assertThat(same.text(EntryField.USERNAME)).isNotEmpty();
  }

  @Test
  void deletesThePersonalBookWithItsUser() {
    String book = personal(bob);
    join(books.add(bob, book, entry("1", Map.of(), "t")));
    join(database.run(handle -> UserTable.delete(handle, bob.guid())));
    int left =
        join(
            database.call(handle ->
                handle
                    .createQuery("select count(*) from api_address_book_peer_tag")
                    .mapTo(Integer.class)
                    .one()));
    assertThat(left).isZero();
  }

  @Test
  void putsADeviceIntoASharedBookByAPreset() {
    String book = sharedBook(bob, "Support");
    Preset preset = new Preset("SUPPORT", "vip", "Till 7", "secret", "");
    assertThat(join(preset("123", preset))).isTrue();
    join(books.update(bob, book, change("123", EntryField.NOTE, "kept")));
    assertThat(join(preset("123", Preset.parse("Support,,Till 8")))).isTrue();
    assertThat(join(preset("123", Preset.parse("Other")))).isFalse();
    assertThat(join(preset("123", Preset.parse("My address book")))).isFalse();

    Entry read = entries(bob, book).getFirst();
    assertThat(read.text(EntryField.ALIAS)).isEqualTo("Till 8");
    assertThat(read.text(EntryField.PASSWORD)).isEqualTo("secret");
    assertThat(read.text(EntryField.NOTE)).isEqualTo("kept");
    assertThat(read.tags()).contains(List.of("vip"));
  }
}
