package dev.rallypoint.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Principal;
import dev.rallypoint.book.SharedBooks.Opened;
import dev.rallypoint.book.SharedBooks.Written;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.account.UserTable;
import dev.rallypoint.store.book.RuleTable.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sharing does, on each kind of database. */
abstract class SharedBooksContract extends AddressBookContract {
  private static final Optional<String> NONE = Optional.empty();

  private String book;

  @BeforeEach
  void makeABook() {
    book = sharedBook(bob, "Support");
    join(books.add(bob, book, named("1", "a")));
  }

  private List<Opened> listed(Principal user) {
    return join(shared.list(user, NONE, false, 0, 100)).rows();
  }

  private void allow(BookRule rule, Optional<String> user, Optional<String> group) {
    join(rules.add(bob, book, rule, user, group));
  }

  private static Written name(String name) {
    return new Written(Optional.of(name), NONE, NONE, NONE);
  }

  private List<Rule> ruleList() {
    return join(rules.list(bob, book, 0, 10)).rows();
  }

  @Test
  void isSeenByItsOwnerOnlyAtFirst() {
    assertThat(listed(bob)).extracting(opened -> opened.book().name()).containsExactly("Support");
    assertThat(listed(bob).getFirst().book().owner().name()).isEqualTo("bob");
    assertThat(listed(carol)).isEmpty();
    assertThat(listed(alice)).isEmpty();
    assertRefused(Kind.UNKNOWN, () -> ids(carol, book));
    assertRefused(Kind.UNKNOWN, () -> ids(alice, book));
  }

  @Test
  void letsAReaderReadOnly() {
    allow(BookRule.READ, Optional.of("CAROL"), NONE);
    assertThat(ids(carol, book)).containsExactly("1");
    assertThat(listed(carol).getFirst().book().rule()).isEqualTo(BookRule.READ);
    assertRefused(Kind.FORBIDDEN, () -> join(books.add(carol, book, named("2", ""))));
    assertRefused(
        Kind.FORBIDDEN, () -> join(books.update(carol, book, change("1", EntryField.NOTE, "n"))));
    assertRefused(Kind.FORBIDDEN, () -> join(books.delete(carol, book, List.of("1"))));
    assertRefused(Kind.FORBIDDEN, () -> join(books.restore(carol, book, List.of("1"))));
    assertRefused(Kind.FORBIDDEN, () -> join(tags.delete(carol, book, List.of("t"))));
    assertRefused(Kind.FORBIDDEN, () -> join(shared.update(carol, book, name("Mine"))));
    assertThat(ids(bob, book)).containsExactly("1");
  }

  @Test
  void letsAWriterWriteButNotShare() {
    allow(BookRule.WRITE, NONE, Optional.of("default"));
    join(books.add(carol, book, named("2", "")));
    assertThat(ids(bob, book)).containsExactly("1", "2");
    assertRefused(Kind.FORBIDDEN, () -> join(shared.delete(carol, List.of(book))));
    assertRefused(Kind.FORBIDDEN, () -> join(rules.add(carol, book, BookRule.FULL, NONE, NONE)));
    assertRefused(Kind.FORBIDDEN, () -> join(rules.list(carol, book, 0, 1)));
  }

  @Test
  void takesTheStrongestOfTheRulesThatFit() {
    allow(BookRule.READ, NONE, NONE);
    assertThat(listed(carol).getFirst().book().rule()).isEqualTo(BookRule.READ);
    allow(BookRule.FULL, Optional.of("carol"), NONE);
    allow(BookRule.WRITE, NONE, Optional.of("Default"));
    assertThat(listed(carol).getFirst().book().rule()).isEqualTo(BookRule.FULL);
    assertThat(listed(alice).getFirst().book().rule()).isEqualTo(BookRule.WRITE);
    assertThat(ruleList())
        .extracting(rule -> rule.user().or(rule::group).orElse("everyone"))
        .containsExactlyInAnyOrder("everyone", "carol", "Default");
  }

  @Test
  void hasOneRuleForATargetWhichChanges() {
    allow(BookRule.READ, NONE, NONE);
    allow(BookRule.WRITE, NONE, NONE);
    assertThat(ruleList()).extracting(Rule::rule).containsExactly(BookRule.WRITE);
    String rule = ruleList().getFirst().guid();
    join(rules.set(bob, rule, BookRule.READ));
    assertThat(ruleList()).extracting(Rule::rule).containsExactly(BookRule.READ);
    assertRefused(Kind.FORBIDDEN, () -> join(rules.set(carol, rule, BookRule.FULL)));
    assertRefused(Kind.FORBIDDEN, () -> join(rules.delete(carol, List.of(rule))));
    join(rules.delete(bob, List.of(rule)));
    assertThat(listed(carol)).isEmpty();
    assertRefused(Kind.UNKNOWN, () -> join(rules.delete(bob, List.of(rule))));
  }

  @Test
  void makesNoRuleForNobodyOrForTwo() {
    assertRefused(
        Kind.UNKNOWN, () -> join(rules.add(bob, book, BookRule.READ, Optional.of("nobody"), NONE)));
    assertRefused(
        Kind.UNKNOWN, () -> join(rules.add(bob, book, BookRule.READ, NONE, Optional.of("%"))));
    assertRefused(
        Kind.INVALID,
        () ->
            join(
                rules.add(bob, book, BookRule.READ, Optional.of("carol"), Optional.of("Default"))));
  }

  @Test
  void isNamedOnceWhateverTheCase() {
    assertRefused(Kind.CONFLICT, () -> join(shared.add(carol, name("SUPPORT"))));
    assertRefused(Kind.INVALID, () -> join(shared.add(carol, name("my address book"))));
    String other = sharedBook(bob, "Other");
    assertRefused(Kind.CONFLICT, () -> join(shared.update(bob, other, name("support"))));
    join(shared.update(bob, book, name("SUPPORT")));
    assertThat(join(shared.list(bob, Optional.of("support"), false, 0, 9)).rows())
        .extracting(opened -> opened.book().name())
        .containsExactly("SUPPORT");
  }

  @Test
  void keepsItsPasswordSealedAndShowsItToReaders() {
    join(
        shared.update(
            bob, book, new Written(NONE, Optional.of("note"), NONE, Optional.of("book secret"))));
    allow(BookRule.READ, NONE, NONE);
    Opened opened = listed(carol).getFirst();
    assertThat(opened.password()).isEqualTo("book secret");
    assertThat(opened.book().note()).isEqualTo("note");
    assertThat(opened.book().password()).startsWith("1:");
    assertThat(opened.toString() + opened.book()).doesNotContain("secret", "1:");
  }

  @Test
  void storesNoHashOfAPersonalClient() {
    join(books.add(bob, book, entry("2", Map.of(EntryField.HASH, "h", EntryField.PASSWORD, "p"))));
    assertThat(entries(bob, book).getLast().text(EntryField.HASH)).isEmpty();
    assertThat(entries(bob, book).getLast().text(EntryField.PASSWORD)).isEqualTo("p");
  }

  @Test
  void isGivenToAnotherUserByItsOwnerOnly() {
    allow(BookRule.FULL, Optional.of("carol"), NONE);
    Written toCarol = new Written(NONE, NONE, Optional.of("Carol"), NONE);
    assertRefused(Kind.FORBIDDEN, () -> join(shared.update(carol, book, toCarol)));
    join(shared.update(bob, book, toCarol));
    assertThat(listed(carol).getFirst().book().owner().name()).isEqualTo("carol");
    assertThat(listed(bob)).isEmpty();
  }

  @Test
  void belongsToAdministratorsWhenItsOwnerIsDeleted() {
    join(database.run(handle -> UserTable.delete(handle, bob.guid())));
    assertThat(ids(alice, book)).containsExactly("1");
    assertThat(listed(alice).getFirst().book().rule()).isEqualTo(BookRule.FULL);
    assertThat(listed(alice).getFirst().book().owner().name()).isEmpty();
    assertThat(listed(carol)).isEmpty();
    join(shared.update(alice, book, new Written(NONE, NONE, Optional.of("carol"), NONE)));
    assertThat(ids(carol, book)).containsExactly("1");
  }

  @Test
  void isRestoredUntilItIsPurged() {
    join(shared.delete(bob, List.of(book)));
    assertThat(listed(bob)).isEmpty();
    assertRefused(Kind.UNKNOWN, () -> ids(bob, book));
    assertRefused(Kind.UNKNOWN, () -> join(books.add(bob, book, named("2", ""))));
    assertRefused(Kind.UNKNOWN, () -> join(shared.restore(carol, List.of(book))));
    assertThat(join(shared.list(bob, NONE, true, 0, 9)).total()).isEqualTo(1);
    join(shared.restore(bob, List.of(book)));
    assertThat(ids(bob, book)).containsExactly("1");

    join(shared.delete(bob, List.of(book)));
    String again = sharedBook(bob, "Support");
    assertRefused(Kind.CONFLICT, () -> join(shared.restore(bob, List.of(book))));
    pass(BookLimits.DELETED_FOR.plus(Duration.ofDays(1)));
    join(bin.purge());
    assertThat(join(shared.list(bob, NONE, true, 0, 9)).total()).isZero();
    assertThat(ids(bob, again)).isEmpty();
  }

  @Test
  void doesNotShareOrDeleteAPersonalBook() {
    String own = personal(bob);
    assertRefused(Kind.FORBIDDEN, () -> join(shared.delete(bob, List.of(own))));
    assertRefused(Kind.FORBIDDEN, () -> join(shared.update(bob, own, name("x"))));
    assertRefused(Kind.FORBIDDEN, () -> join(rules.add(bob, own, BookRule.READ, NONE, NONE)));
    assertRefused(Kind.UNKNOWN, () -> join(shared.delete(bob, List.of(book, NOWHERE))));
    assertThat(ids(bob, book)).containsExactly("1");
  }
}
