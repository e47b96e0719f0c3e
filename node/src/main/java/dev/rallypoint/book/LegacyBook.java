package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Principal;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.store.book.Book;
import dev.rallypoint.store.book.BookTable;
import dev.rallypoint.store.book.CopyTable;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable;
import dev.rallypoint.store.book.Stamp;
import dev.rallypoint.store.book.StoredEntry;
import dev.rallypoint.store.book.TagTable;
import dev.rallypoint.store.book.TagTable.StoredTag;
import dev.rallypoint.store.book.TagTable.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The personal book as clients below 1.2.4 have it: they read the whole book, and write their whole
 * copy back. A copy may be old, so it changes only what its client can have known: what others
 * changed after the client has read the book stays as they made it. What a copy does not have any
 * more goes to the recycle bin.
 */
public final class LegacyBook {
  private final BookParts parts;

  /** The personal books of these accounts. */
  public LegacyBook(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /**
   * A whole book.
   *
   * @param updatedAt milliseconds since 1970
   */
  public record Content(List<Tag> tags, List<Entry> entries, long updatedAt) {}

  /**
   * A whole copy.
   *
   * @param tags the names of all tags
   * @param colors of tags that have one
   */
  public record Copy(List<String> tags, Map<String, Long> colors, List<Entry> entries) {}

  /** The user's whole book. */
  public CompletionStage<Content> read(Principal user) {
    return parts.call(handle -> {
      Book book = book(handle, user);
      CopyTable.save(handle, user.tokenGuid(), user.org(), book.guid(), book.totals().version());
      return new Content(
          TagTable.list(handle, book.guid()).stream().map(StoredTag::tag).toList(),
          EntryTable.all(handle, book.guid()).stream()
              .filter(StoredEntry::isLive)
              .map(stored -> parts.secrets().open(stored, book.guid()))
              .toList(),
          BookTable.updatedAt(handle, book.guid()));
    });
  }

  /** Writes a client's whole copy back. */
  public CompletionStage<Boolean> write(Principal user, Copy copy) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    copy.entries().forEach(entry -> entries.put(entry.id(), EntryChanges.checked(entry)));
    copy.tags().forEach(tag -> BookParts.requireNone(BookText.tagFault(tag)));
    return parts.call(handle ->
        parts.change(
            handle,
            book(handle, user),
            user.tokenGuid(),
            (same, book, stamp) -> {
              long read =
                  CopyTable.version(same, user.tokenGuid(), book.guid()).orElse(Long.MAX_VALUE);
              merge(same, book, stamp, new Merge(read, stamp, copy, entries));
              BookTable.recount(same, book.guid());
              return true;
            }));
  }

  private Book book(Handle handle, Principal user) {
    String guid =
        BookTable.personal(handle, BookParts.reader(user), parts.newGuid(), parts.account().now());
    return BookParts.book(handle, user, guid, BookRule.WRITE);
  }

  /**
   * A copy that is written back.
   *
   * @param read the version of the book that the client has read
   * @param entries those of the copy by their ids
   */
  private record Merge(long read, Stamp stamp, Copy copy, Map<String, Entry> entries) {
    /** Whether the client cannot know of a change. */
    boolean isNews(long version, String changedBy) {
      return version > read && !changedBy.equals(stamp.changedBy());
    }
  }

  private void merge(Handle handle, Book book, Stamp stamp, Merge merge) {
    Map<String, StoredEntry> stored = new HashMap<>();
    EntryTable.all(handle, book.guid()).forEach(entry -> stored.put(entry.entry().id(), entry));
    Set<String> kept = new HashSet<>();
    List<String> gone = new ArrayList<>();
    for (StoredEntry entry : stored.values()) {
      if (entry.isLive() && merge.isNews(entry.version(), entry.changedBy())) {
        kept.addAll(entry.entry().tags().orElse(List.of()));
      } else if (entry.isLive() && !merge.entries().containsKey(entry.entry().id())) {
        gone.add(entry.entry().id());
      }
    }
    EntryChanges changes = new EntryChanges(parts.secrets(), book);
    merge
        .entries()
        .forEach((id, entry) -> {
          Optional<StoredEntry> known = Optional.ofNullable(stored.get(id));
          if (known.isEmpty() || !merge.isNews(known.get().version(), known.get().changedBy())) {
            changes.put(known, entry);
          }
        });
    mergeTags(handle, stamp, merge, kept);
    changes.write(handle, stamp);
    EntryTable.setDeleted(handle, stamp, gone, true);
  }

  private static void mergeTags(Handle handle, Stamp stamp, Merge merge, Set<String> kept) {
    Map<String, StoredTag> stored =
        TagTable.list(handle, stamp.book()).stream()
            .collect(Collectors.toMap(tag -> tag.tag().name(), Function.identity()));
    Set<String> wanted = new HashSet<>(merge.copy().tags());
    merge.entries().values().forEach(entry -> wanted.addAll(entry.tags().orElse(List.of())));
    List<Tag> changed = new ArrayList<>();
    for (String name : wanted) {
      StoredTag known = stored.get(name);
      Long color = merge.copy().colors().get(name);
      if (known == null) {
        changed.add(new Tag(name, color == null ? BookText.color(name) : color));
      } else if (color != null
          && color != known.tag().color()
          && !merge.isNews(known.version(), known.changedBy())) {
        changed.add(new Tag(name, color));
      }
    }
    TagTable.save(handle, stamp, changed);
    TagTable.delete(
        handle,
        stamp.book(),
        stored.values().stream()
            .filter(tag -> !merge.isNews(tag.version(), tag.changedBy()))
            .map(tag -> tag.tag().name())
            .filter(name -> !wanted.contains(name) && !kept.contains(name))
            .toList());
  }
}
