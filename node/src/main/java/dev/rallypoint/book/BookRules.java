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
import dev.rallypoint.store.book.RuleTable;
import dev.rallypoint.store.book.RuleTable.Rule;
import dev.rallypoint.store.book.RuleTable.Target;
import dev.rallypoint.store.book.SharedBookTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * Who may use shared address books. Only who has full control of a book sees and changes its rules.
 * It fails as {@link AddressBooks} does.
 */
public final class BookRules {
  private final BookParts parts;

  /** The rules of these accounts' books. */
  public BookRules(AccountParts parts) {
    this.parts = new BookParts(parts);
  }

  /** A page of the rules of a book, the oldest first. */
  public CompletionStage<Found<Rule>> list(Principal user, String guid, long offset, int size) {
    return parts.read(
        user,
        guid,
        (handle, readable) -> {
          Book book = BookParts.book(handle, user, guid, BookRule.FULL);
          SharedBooks.requireShared(book);
          return new Found<>(
              RuleTable.count(handle, guid), RuleTable.list(handle, guid, offset, size));
        });
  }

  /**
   * Adds a rule, or changes the one that its target has.
   *
   * @param forUser the name or guid of a user
   * @param forGroup the name or guid of a user group; neither is everyone
   */
  public CompletionStage<Boolean> add(
      Principal user,
      String guid,
      BookRule rule,
      Optional<String> forUser,
      Optional<String> forGroup) {
    if (forUser.isPresent() && forGroup.isPresent()) {
      return CompletableFuture.failedStage(
          AccountRefusal.invalid("a rule is for a user, a group or everyone"));
    }
    for (Optional<String> name : List.of(forUser, forGroup)) {
      BookParts.requireNone(
          name.flatMap(text -> BookText.textFault("a name", text, BookText.LONGEST_NAME)));
    }
    return parts.change(
        user,
        guid,
        BookRule.FULL,
        (handle, book, stamp) -> {
          SharedBooks.requireShared(book);
          RuleTable.save(
              handle, stamp, parts.newGuid(), target(handle, user.org(), forUser, forGroup), rule);
          if (RuleTable.count(handle, guid) > BookLimits.RULES) {
            throw BookParts.full(
                "an address book has %d rules at most".formatted(BookLimits.RULES));
          }
          return true;
        });
  }

  private static Target target(
      Handle handle, String org, Optional<String> user, Optional<String> group) {
    return new Target(
        user.map(name ->
            SharedBookTable.user(handle, org, name, AccountText.key(name))
                .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no user " + name))),
        group.map(name ->
            SharedBookTable.group(handle, org, name, AccountText.key(name))
                .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no group " + name))));
  }

  /** Changes what a rule allows. */
  public CompletionStage<Boolean> set(Principal user, String guid, BookRule rule) {
    return BookText.isGuid(guid)
        ? parts.call(handle -> {
          requireControl(handle, user, guid);
          RuleTable.set(handle, guid, rule);
          return true;
        })
        : CompletableFuture.failedStage(unknown());
  }

  /** Deletes rules; all, or none. */
  public CompletionStage<Boolean> delete(Principal user, Collection<String> guids) {
    if (guids.isEmpty() || !guids.stream().allMatch(BookText::isGuid)) {
      return CompletableFuture.failedStage(unknown());
    }
    return parts.call(handle -> {
      for (String guid : guids.stream().distinct().sorted().toList()) {
        requireControl(handle, user, guid);
        RuleTable.delete(handle, guid);
      }
      return true;
    });
  }

  private static void requireControl(Handle handle, Principal user, String guid) {
    String book = RuleTable.bookOf(handle, user.org(), guid).orElseThrow(BookRules::unknown);
    BookParts.book(handle, user, book, BookRule.FULL);
  }

  private static AccountRefusal unknown() {
    return new AccountRefusal(Kind.UNKNOWN, "There is no such rule");
  }
}
