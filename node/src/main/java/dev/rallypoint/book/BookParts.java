package dev.rallypoint.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.store.book.Book;
import dev.rallypoint.store.book.Book.Totals;
import dev.rallypoint.store.book.BookTable;
import dev.rallypoint.store.book.PurgeTable;
import dev.rallypoint.store.book.Reader;
import dev.rallypoint.store.book.Stamp;
import dev.rallypoint.store.book.TagTable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What the services of address books share: calls that check what the user may do, and changes that
 * run one after the other for each book, on all nodes.
 */
record BookParts(AccountParts account, BookSecrets secrets) {
  BookParts(AccountParts account) {
    this(account, new BookSecrets(account));
  }

  /** What changes a book. Nothing is changed when it throws. */
  @FunctionalInterface
  interface Change<T> {
    T in(Handle handle, Book book, Stamp stamp);
  }

  static Reader reader(Principal user) {
    return new Reader(user.org(), user.guid(), user.isAdmin());
  }

  <T> CompletionStage<T> call(Function<Handle, T> statements) {
    return account.call(statements);
  }

  String newGuid() {
    return account.secrets().guid(account.now());
  }

  /** Reads a book that the user may read. */
  <T> CompletionStage<T> read(Principal user, String guid, BiFunction<Handle, Book, T> statements) {
    return BookText.isGuid(guid)
        ? call(handle -> statements.apply(handle, book(handle, user, guid, BookRule.READ)))
        : CompletableFuture.failedStage(unknown());
  }

  /** Changes a book with which the user may do so much. */
  <T> CompletionStage<T> change(
      Principal user, String guid, BookRule needed, Change<T> statements) {
    return BookText.isGuid(guid)
        ? call(handle -> {
          Book book = book(handle, user, guid, needed);
          return change(handle, book, user.tokenGuid(), statements);
        })
        : CompletableFuture.failedStage(unknown());
  }

  /** Changes a book in a transaction that runs. */
  <T> T change(Handle handle, Book book, String changedBy, Change<T> statements) {
    long now = account.now();
    Totals begun = BookTable.begin(handle, book.guid(), now).orElseThrow(BookParts::unknown);
    T answer =
        statements.in(
            handle, book, new Stamp(book.guid(), book.org(), begun.version(), changedBy, now));
    requireRoom(handle, book, begun);
    return answer;
  }

  /** A book with which the user may do so much. */
  static Book book(Handle handle, Principal user, String guid, BookRule needed) {
    Book book = BookTable.find(handle, reader(user), guid).orElseThrow(BookParts::unknown);
    if (!book.rule().allows(needed)) {
      throw new AccountRefusal(
          Kind.FORBIDDEN,
          needed == BookRule.FULL
              ? "You need full control of this address book"
              : "You may only read this address book");
    }
    return book;
  }

  private static void requireRoom(Handle handle, Book book, Totals before) {
    Totals now = BookTable.totals(handle, book.guid());
    if (now.entries() > before.entries() && now.entries() > BookLimits.ENTRIES) {
      throw full("an address book has %d entries at most".formatted(BookLimits.ENTRIES));
    }
    if (TagTable.count(handle, book.guid()) > BookLimits.TAGS) {
      throw full("an address book has %d tags at most".formatted(BookLimits.TAGS));
    }
    if (now.bytes() > before.bytes() && isOver(handle, book)) {
      PurgeTable.empty(handle, book.guid(), book.owner().guid().orElse(""));
      if (isOver(handle, book)) {
        throw full("the address books of %s are full".formatted(book.owner().name()));
      }
    }
  }

  private static boolean isOver(Handle handle, Book book) {
    Optional<String> owner = book.owner().guid();
    long bytes =
        owner.isPresent()
            ? BookTable.bytesOf(handle, owner.get())
            : BookTable.totals(handle, book.guid()).bytes();
    return bytes > BookLimits.BYTES;
  }

  static AccountRefusal full(String line) {
    return new AccountRefusal(Kind.CONFLICT, line);
  }

  static AccountRefusal unknown() {
    return new AccountRefusal(Kind.UNKNOWN, "There is no such address book");
  }

  /** Throws where there is a fault. */
  static void requireNone(Optional<String> fault) {
    fault.ifPresent(line -> {
      throw AccountRefusal.invalid(line);
    });
  }
}
