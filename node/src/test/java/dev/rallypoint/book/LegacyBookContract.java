package dev.rallypoint.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.book.LegacyBook.Content;
import dev.rallypoint.book.LegacyBook.Copy;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable.Filter;
import dev.rallypoint.store.book.TagTable.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients below 1.2.4 do to the personal book, on each kind of database. */
abstract class LegacyBookContract extends AddressBookContract {
  private Principal old;
  private String book;

  @BeforeEach
  void logInWithAnOldClient() {
    old = loggedIn(bob.user(), "old");
    book = personal(bob);
  }

  private void write(List<String> names, Entry... entries) {
    join(legacy.write(old, new Copy(names, Map.of(), List.of(entries))));
  }

  @Test
  void isTheBookThatNewerClientsSee() {
    join(legacy.write(old, new Copy(List.of("t"), Map.of("t", 7L), List.of(named("1", "a")))));
    join(books.add(bob, book, entry("2", Map.of(EntryField.NOTE, "n"), "u")));

    Content content = join(legacy.read(old));
    assertThat(ids(bob, book)).containsExactly("1", "2");
    assertThat(content.entries()).extracting(Entry::id).containsExactly("1", "2");
    assertThat(content.tags()).contains(new Tag("t", 7)).extracting(Tag::name).contains("u");
  }

  @Test
  void movesWhatACopyHasNoMoreToTheRecycleBin() {
    write(List.of("t"), named("1", "a"), named("2", "b"));
    join(legacy.read(old));
    write(List.of(), named("2", "b"));
    assertThat(ids(bob, book)).containsExactly("2");
    assertThat(tagNames(bob, book)).isEmpty();
    assertThat(join(books.entries(bob, book, new Filter("", "", true), 0, 9)).total()).isEqualTo(1);
    write(List.of(), named("1", "again"), named("2", "b"));
    assertThat(entries(bob, book).getFirst().text(EntryField.ALIAS)).isEqualTo("again");
  }

  @Test
  void keepsTheFieldsThatAnOldClientDoesNotKnow() {
    join(books.add(bob, book, entry("1", Map.of(EntryField.NOTE, "n", EntryField.PASSWORD, "p"))));
    join(legacy.read(old));
    write(List.of(), named("1", "renamed"));
    Entry read = entries(bob, book).getFirst();
    assertThat(read.text(EntryField.NOTE)).isEqualTo("n");
    assertThat(read.text(EntryField.PASSWORD)).isEqualTo("p");
    assertThat(read.text(EntryField.ALIAS)).isEqualTo("renamed");
  }

  @Test
  void losesNothingThatOthersChangedSinceTheClientRead() {
    write(List.of("t"), named("1", "a"), named("2", "b"), named("3", "c"));
    join(legacy.read(old));
    join(books.add(bob, book, entry("4", Map.of(EntryField.ALIAS, "new"), "u")));
    join(books.update(bob, book, change("1", EntryField.ALIAS, "newer")));
    join(books.delete(bob, book, List.of("2")));

    write(List.of("t"), named("1", "a"), named("2", "b"), named("3", "mine"), named("5", "mine"));
    write(List.of("t"), named("1", "a"), named("2", "b"), named("3", "mine too"));

    assertThat(entries(bob, book))
        .extracting(Entry::id, read -> read.text(EntryField.ALIAS))
        .containsExactly(tuple("1", "newer"), tuple("3", "mine too"), tuple("4", "new"));
    assertThat(entries(bob, book).getLast().tags()).contains(List.of("u"));
  }

  @Test
  void writesNothingOfACopyWithSomethingWrong() {
    write(List.of(), named("1", "a"));
    assertRefused(
        Kind.INVALID, () -> write(List.of(), named("2", "b"), named("3", "c".repeat(257))));
    assertRefused(Kind.INVALID, () -> write(List.of("\u0000"), named("2", "b")));
    assertThat(ids(bob, book)).containsExactly("1");
  }

  @Test
  void takesTenThousandEntriesAndTellsThemByPages() {
    Entry[] all =
        IntStream.range(0, 10_000)
            .mapToObj(i ->
                entry(
                    Integer.toString(100_000_000 + i),
                    Map.of(
                        EntryField.ALIAS, "device " + i,
                        EntryField.HASH, "aGFzaCBvZiBhIHBhc3N3b3Jk" + i,
                        EntryField.HOSTNAME, "desk-" + i,
                        EntryField.PLATFORM, "Windows"),
                    "tag" + i % 7))
            .toArray(Entry[]::new);
    long begin = System.nanoTime();
    write(List.of(), all);
    long written = System.nanoTime();
    write(List.of(), all);
    long again = System.nanoTime();
    long read = 0;
    for (int page = 0; page < 100; page++) {
      read += join(books.entries(bob, book, Filter.ALL, page * 100L, 100)).rows().size();
    }
    long pulled = System.nanoTime();
    assertThat(read).isEqualTo(10_000);
    assertThat(join(books.entries(bob, book, Filter.ALL, 0, 1)).total()).isEqualTo(10_000);
    System.out.printf(
        "%s: 10,000 entries written in %d ms, the same again in %d ms, read by 100 pages in %d ms%n",
        getClass().getSimpleName(),
        Duration.ofNanos(written - begin).toMillis(),
        Duration.ofNanos(again - written).toMillis(),
        Duration.ofNanos(pulled - again).toMillis());
  }
}
