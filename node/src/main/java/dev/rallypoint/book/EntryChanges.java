package dev.rallypoint.book;

import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.book.Book;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable;
import dev.rallypoint.store.book.Stamp;
import dev.rallypoint.store.book.StoredEntry;
import dev.rallypoint.store.book.TagTable;
import dev.rallypoint.store.book.TagTable.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Entries to be stored by one change of a book: only what is new or differs is written. */
final class EntryChanges {
  private final BookSecrets secrets;
  private final Book book;
  private final List<Entry> saved = new ArrayList<>();
  private final List<Entry> tagged = new ArrayList<>();
  private final Set<String> tags = new HashSet<>();
  private int entries;
  private long bytes;

  EntryChanges(BookSecrets secrets, Book book) {
    this.secrets = secrets;
    this.book = book;
  }

  /** Checks an entry that somebody wrote; its tags get into their order, each once. */
  static Entry checked(Entry written) {
    BookParts.requireNone(BookText.idFault(written.id()));
    written.texts().forEach((field, text) -> BookParts.requireNone(field.fault(text)));
    Optional<List<String>> tags = written.tags().map(names -> List.copyOf(new TreeSet<>(names)));
    tags.orElse(List.of()).forEach(name -> BookParts.requireNone(BookText.tagFault(name)));
    if (tags.orElse(List.of()).size() > BookLimits.TAGS_OF_ENTRY) {
      throw BookParts.full("an entry has %d tags at most".formatted(BookLimits.TAGS_OF_ENTRY));
    }
    return new Entry(written.id(), written.texts(), tags, written.sameServer());
  }

  /**
   * Adds an entry, or changes the one that is there. One that was deleted begins anew.
   *
   * @param stored what is there
   * @param written a checked entry, or a change of one
   */
  void put(Optional<StoredEntry> stored, Entry written) {
    Entry change = fit(written);
    if (stored.isPresent() && stored.get().isLive()) {
      Entry difference = secrets.difference(stored.get(), change, book.guid());
      if (!difference.texts().isEmpty()
          || difference.tags().isPresent()
          || difference.sameServer().isPresent()) {
        save(
            stored.get().entry().with(secrets.seal(difference, book.guid())),
            difference.tags().isPresent());
        bytes -= stored.get().entry().bytes();
      }
    } else {
      entries++;
      bytes -= stored.map(deleted -> deleted.entry().bytes()).orElse(0);
      save(secrets.seal(change, book.guid()).withTags(change.tags().orElse(List.of())), true);
    }
  }

  private void save(Entry entry, boolean withTags) {
    saved.add(entry);
    bytes += entry.bytes();
    if (withTags) {
      tagged.add(entry);
      tags.addAll(entry.tags().orElse(List.of()));
    }
  }

  /** In a shared book nobody stores the hash of a password that his own client remembers. */
  private Entry fit(Entry written) {
    if (book.isPersonal() || !written.texts().containsKey(EntryField.HASH)) {
      return written;
    }
    Map<EntryField, String> texts = new EnumMap<>(written.texts());
    texts.remove(EntryField.HASH);
    return written.withTexts(texts);
  }

  /** How many entries come into the book. */
  int entries() {
    return entries;
  }

  /** How many bytes are added. */
  long bytes() {
    return bytes;
  }

  /** Writes all. */
  void write(Handle handle, Stamp stamp) {
    addTags(handle, stamp, tags);
    EntryTable.save(handle, stamp, saved, tagged);
  }

  private static void addTags(Handle handle, Stamp stamp, Collection<String> names) {
    TagTable.add(
        handle,
        stamp,
        names.stream().sorted().map(name -> new Tag(name, BookText.color(name))).toList());
  }
}
