package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.policy.book.Preset;
import dev.rallypoint.store.book.Book;
import dev.rallypoint.store.book.BookTable;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable;
import dev.rallypoint.store.book.EntryTable.Filter;
import dev.rallypoint.store.book.Stamp;
import dev.rallypoint.store.book.StoredEntry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * Personal and shared address books and their entries. Each call checks what the user may do.
 * Stages fail with an {@link AccountRefusal} where something is not done, and with the database's
 * exception. Two changes of one book run one after the other, on whatever nodes.
 */
public final class AddressBooks {
  private final BookParts parts;

  /** The books of these accounts. */
  public AddressBooks(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /**
   * A page of something.
   *
   * @param total how many rows all pages have
   */
  public record Found<T>(long total, List<T> rows) {}

  /** The guid of the user's personal book. */
  public CompletionStage<String> personal(Principal user) {
    return parts.call(handle -> personal(handle, user));
  }

  private String personal(Handle handle, Principal user) {
    return BookTable.personal(
        handle, BookParts.reader(user), parts.newGuid(), parts.account().now());
  }

  /** A page of the entries of a book; those in the recycle bin for users who may change it. */
  public CompletionStage<Found<Entry>> entries(
      Principal user, String guid, Filter filter, long offset, int size) {
    for (String text : List.of(filter.id(), filter.alias())) {
      Optional<String> fault = BookText.textFault("a filter", text, BookText.LONGEST_NOTE);
      if (fault.isPresent()) {
        return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
      }
    }
    return parts.read(
        user,
        guid,
        (handle, book) -> {
          if (filter.areDeleted() && !book.rule().allows(BookRule.WRITE)) {
            throw new AccountRefusal(Kind.FORBIDDEN, "You may only read this address book");
          }
          long total =
              filter.equals(Filter.ALL)
                  ? book.totals().entries()
                  : EntryTable.count(handle, guid, filter);
          return new Found<>(
              total,
              EntryTable.page(handle, guid, filter, offset, size).stream()
                  .map(stored -> parts.secrets().open(stored, guid))
                  .toList());
        });
  }

  /** Adds an entry, or changes the one that is there. */
  public CompletionStage<Boolean> add(Principal user, String guid, Entry written) {
    Entry entry = EntryChanges.checked(written);
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) ->
            put(handle, book, stamp, EntryTable.find(handle, guid, entry.id()), entry));
  }

  /** Changes an entry; what the change does not have stays. */
  public CompletionStage<Boolean> update(Principal user, String guid, Entry written) {
    Entry change = EntryChanges.checked(written);
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> {
          StoredEntry stored =
              EntryTable.find(handle, guid, change.id())
                  .filter(StoredEntry::isLive)
                  .orElseThrow(() ->
                      new AccountRefusal(
                          Kind.UNKNOWN, change.id() + " is not in this address book"));
          return put(handle, book, stamp, Optional.of(stored), change);
        });
  }

  private boolean put(
      Handle handle, Book book, Stamp stamp, Optional<StoredEntry> stored, Entry written) {
    EntryChanges changes = new EntryChanges(parts.secrets(), book);
    changes.put(stored, written);
    changes.write(handle, stamp);
    if (changes.entries() != 0 || changes.bytes() != 0) {
      BookTable.add(handle, book.guid(), changes.entries(), changes.bytes());
    }
    return true;
  }

  /** Moves entries to the recycle bin; ids that are not in the book are passed over. */
  public CompletionStage<Boolean> delete(Principal user, String guid, Collection<String> ids) {
    return setDeleted(user, guid, ids, true);
  }

  /** Takes entries out of the recycle bin; ids that are not in it are passed over. */
  public CompletionStage<Boolean> restore(Principal user, String guid, Collection<String> ids) {
    return setDeleted(user, guid, ids, false);
  }

  private CompletionStage<Boolean> setDeleted(
      Principal user, String guid, Collection<String> ids, boolean isDeleted) {
    ids.forEach(id -> BookParts.requireNone(BookText.idFault(id)));
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> {
          EntryTable.setDeleted(handle, stamp, ids, isDeleted);
          BookTable.recount(handle, guid);
          return true;
        });
  }

  /**
   * Puts a device into a shared book, as it was told when it was installed. What a preset leaves
   * empty stays as it is. This needs no rule of the book: whoever calls has proved that the device
   * may.
   *
   * @param handle the transaction it is done in
   * @param id of the device
   * @return false where there is no such book
   * @throws AccountRefusal when a text breaks a rule, or the book is full
   */
  public boolean preset(Handle handle, String org, String id, Preset preset) {
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    Map.of(
            EntryField.ALIAS, preset.alias(),
            EntryField.PASSWORD, preset.password(),
            EntryField.NOTE, preset.note())
        .forEach((field, text) -> {
          if (!text.isEmpty()) {
            texts.put(field, text);
          }
        });
    Optional<List<String>> tags =
        preset.tag().isEmpty() ? Optional.empty() : Optional.of(List.of(preset.tag()));
    Entry entry = EntryChanges.checked(new Entry(id, texts, tags, Optional.empty()));
    if (BookText.nameFault(preset.book()).isPresent()) {
      return false;
    }
    Optional<Book> book = BookTable.ofOwner(handle, org, AccountText.key(preset.book()));
    return book.isPresent()
        && parts.change(
            handle,
            book.get(),
            "",
            (same, known, stamp) ->
                put(same, known, stamp, EntryTable.find(same, known.guid(), id), entry));
  }
}
