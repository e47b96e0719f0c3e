package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.store.book.TagTable;
import dev.rallypoint.store.book.TagTable.StoredTag;
import dev.rallypoint.store.book.TagTable.Tag;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The tags of address books. It fails as {@link AddressBooks} does. */
public final class BookTags {
  private final BookParts parts;

  /** The tags of these accounts' books. */
  public BookTags(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /** The tags of a book, in the order of their names. */
  public CompletionStage<List<Tag>> list(Principal user, String guid) {
    return parts.read(
        user,
        guid,
        (handle, book) -> TagTable.list(handle, guid).stream().map(StoredTag::tag).toList());
  }

  /** Adds a tag, or gives the one that is there this color. */
  public CompletionStage<Boolean> add(Principal user, String guid, Tag tag) {
    BookParts.requireNone(BookText.tagFault(tag.name()));
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> {
          TagTable.save(handle, stamp, List.of(tag));
          return true;
        });
  }

  /** Gives a tag another color. */
  public CompletionStage<Boolean> setColor(Principal user, String guid, Tag tag) {
    BookParts.requireNone(BookText.tagFault(tag.name()));
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> require(TagTable.setColor(handle, stamp, tag), tag.name()));
  }

  /** Gives a tag another name, at the entries too. */
  public CompletionStage<Boolean> rename(Principal user, String guid, String old, String name) {
    BookParts.requireNone(BookText.tagFault(old).or(() -> BookText.tagFault(name)));
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> {
          if (!old.equals(name) && TagTable.has(handle, guid, name)) {
            throw new AccountRefusal(Kind.CONFLICT, "there is a tag " + name + " already");
          }
          return require(TagTable.rename(handle, stamp, old, name), old);
        });
  }

  private static boolean require(boolean isThere, String tag) {
    if (!isThere) {
      throw new AccountRefusal(Kind.UNKNOWN, "there is no tag " + tag);
    }
    return true;
  }

  /** Deletes tags, from the entries too; those that are not there are passed over. */
  public CompletionStage<Boolean> delete(Principal user, String guid, Collection<String> names) {
    names.forEach(name -> BookParts.requireNone(BookText.tagFault(name)));
    return parts.change(
        user,
        guid,
        BookRule.WRITE,
        (handle, book, stamp) -> {
          TagTable.delete(handle, guid, names);
          return true;
        });
  }
}
