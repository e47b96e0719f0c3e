package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.book.AddressBooks.Found;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.store.book.Book;
import dev.rallypoint.store.book.BookTable;
import dev.rallypoint.store.book.Reader;
import dev.rallypoint.store.book.SharedBookTable;
import dev.rallypoint.store.book.SharedBookTable.Profile;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * Makes, changes, deletes and restores shared address books. It fails as {@link AddressBooks} does.
 */
public final class SharedBooks {
  private final BookParts parts;

  /** The shared books of these accounts. */
  public SharedBooks(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /**
   * What somebody writes of a shared book; what is empty is not changed.
   *
   * @param owner the name or guid of a user
   * @param password which clients use for its entries
   */
  public record Written(
      Optional<String> name,
      Optional<String> note,
      Optional<String> owner,
      Optional<String> password) {
    private Optional<String> fault() {
      return name.flatMap(BookText::nameFault)
          .or(() -> note.flatMap(text -> BookText.textFault("a note", text, BookText.LONGEST_NOTE)))
          .or(() ->
              password.flatMap(
                  text -> BookText.textFault("a password", text, BookText.LONGEST_PASSWORD)))
          .or(() ->
              owner.flatMap(text -> BookText.textFault("an owner", text, BookText.LONGEST_NAME)));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Written[" + name + "]";
    }
  }

  /**
   * A shared book with its password.
   *
   * @param password may be empty
   */
  public record Opened(Book book, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Opened[" + book.guid() + "]";
    }
  }

  /**
   * A page of the shared books that the user may read, in the order of their names.
   *
   * @param name only the one of this name
   * @param areDeleted those that are deleted, and that the user may restore
   */
  public CompletionStage<Found<Opened>> list(
      Principal user, Optional<String> name, boolean areDeleted, long offset, int size) {
    Optional<String> fault =
        name.flatMap(text -> BookText.textFault("a name", text, BookText.LONGEST_NAME));
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    String key = name.map(AccountText::key).orElse("");
    Reader reader = BookParts.reader(user);
    return parts.call(handle ->
        new Found<>(
            BookTable.countShared(handle, reader, key, areDeleted),
            BookTable.shared(handle, reader, key, areDeleted, offset, size).stream()
                .map(book -> new Opened(book, parts.secrets().open(book.password(), book.guid())))
                .toList()));
  }

  /** Makes a shared book that the user owns; completes with its guid. */
  public CompletionStage<String> add(Principal user, Written written) {
    BookParts.requireNone(written.fault());
    String name = written.name().orElseThrow(() -> AccountRefusal.invalid("the name is missing"));
    return parts.call(handle -> {
      if (SharedBookTable.owned(handle, user.guid()) >= BookLimits.BOOKS) {
        throw BookParts.full("a user owns %d address books at most".formatted(BookLimits.BOOKS));
      }
      String guid = parts.newGuid();
      Profile profile =
          new Profile(
              name,
              AccountText.key(name),
              written.note().orElse(""),
              parts.secrets().seal(written.password().orElse(""), guid));
      if (!SharedBookTable.insert(
          handle, BookParts.reader(user), guid, profile, parts.account().now())) {
        throw taken(name);
      }
      return guid;
    });
  }

  /** Changes a shared book; its owner only may give it to another user. */
  public CompletionStage<Boolean> update(Principal user, String guid, Written written) {
    BookParts.requireNone(written.fault());
    return parts.change(
        user,
        guid,
        BookRule.FULL,
        (handle, book, stamp) -> {
          requireShared(book);
          String name = written.name().orElse(book.name());
          requireFree(handle, book, name);
          SharedBookTable.update(
              handle,
              guid,
              new Profile(
                  name,
                  AccountText.key(name),
                  written.note().orElse(book.note()),
                  written
                      .password()
                      .map(password -> parts.secrets().seal(password, guid))
                      .orElse(book.password())),
              newOwner(handle, user, book, written.owner()));
          return true;
        });
  }

  private static Optional<String> newOwner(
      Handle handle, Principal user, Book book, Optional<String> wanted) {
    if (wanted.isEmpty()) {
      return book.owner().guid();
    }
    if (!book.owner().guid().equals(Optional.of(user.guid())) && book.owner().guid().isPresent()) {
      throw new AccountRefusal(
          Kind.FORBIDDEN, "Only its owner may give this address book to another user");
    }
    String owner =
        SharedBookTable.user(handle, user.org(), wanted.get(), AccountText.key(wanted.get()))
            .orElseThrow(
                () -> new AccountRefusal(Kind.UNKNOWN, "there is no user " + wanted.get()));
    if (!owner.equals(user.guid()) && SharedBookTable.owned(handle, owner) >= BookLimits.BOOKS) {
      throw BookParts.full("a user owns %d address books at most".formatted(BookLimits.BOOKS));
    }
    return Optional.of(owner);
  }

  /** Deletes shared books; they can be restored for a time. All are deleted, or none. */
  public CompletionStage<Boolean> delete(Principal user, Collection<String> guids) {
    if (guids.isEmpty() || !guids.stream().allMatch(BookText::isGuid)) {
      return CompletableFuture.failedStage(BookParts.unknown());
    }
    return parts.call(handle -> {
      for (String guid : ordered(guids)) {
        Book book = BookParts.book(handle, user, guid, BookRule.FULL);
        requireShared(book);
        SharedBookTable.delete(handle, guid, parts.account().now());
      }
      return true;
    });
  }

  /** Restores shared books; all, or none. */
  public CompletionStage<Boolean> restore(Principal user, Collection<String> guids) {
    if (guids.isEmpty() || !guids.stream().allMatch(BookText::isGuid)) {
      return CompletableFuture.failedStage(BookParts.unknown());
    }
    return parts.call(handle -> {
      for (String guid : ordered(guids)) {
        Book book =
            BookTable.findDeleted(handle, BookParts.reader(user), guid)
                .orElseThrow(BookParts::unknown);
        requireFree(handle, book, book.name());
        SharedBookTable.restore(handle, guid);
      }
      return true;
    });
  }

  /** Rows are locked in one order, so that two calls do not wait for each other. */
  private static List<String> ordered(Collection<String> guids) {
    return guids.stream().distinct().sorted().toList();
  }

  private static void requireFree(Handle handle, Book book, String name) {
    boolean isTaken =
        BookTable.named(handle, book.org(), AccountText.key(name))
            .filter(other -> !other.equals(book.guid()))
            .isPresent();
    if (isTaken) {
      throw taken(name);
    }
  }

  static void requireShared(Book book) {
    if (book.isPersonal()) {
      throw new AccountRefusal(
          Kind.FORBIDDEN, "A personal address book is neither shared, renamed nor deleted");
    }
  }

  private static AccountRefusal taken(String name) {
    return new AccountRefusal(Kind.CONFLICT, "there is an address book " + name + " already");
  }
}
