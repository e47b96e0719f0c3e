package dev.rallypoint.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Organization;
import dev.rallypoint.account.PasswordHasher;
import dev.rallypoint.account.Principal;
import dev.rallypoint.account.Seal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.book.SharedBooks.Written;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.TokenTable;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.TokenTable.Token;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.account.User.Credentials;
import dev.rallypoint.store.account.User.Profile;
import dev.rallypoint.store.account.UserTable;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.EntryTable.Filter;
import dev.rallypoint.store.book.TagTable.Tag;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Three users with their address books, on each kind of database. */
abstract class AddressBookContract {
  static final Secrets SECRETS = new Secrets(new SecureRandom());
  static final String NOWHERE = "00000000-0000-7000-8000-00000000dead";

  final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  AccountDatabase database;
  PasswordHasher hasher;
  AddressBooks books;
  SharedBooks shared;
  BookRules rules;
  BookTags tags;
  LegacyBook legacy;
  RecycleBin bin;
  Principal alice;
  Principal bob;
  Principal carol;

  /** Opens the empty database of the test. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    database = open();
    hasher = new PasswordHasher(SECRETS);
    AccountParts parts =
        new AccountParts(
            database,
            hasher,
            SECRETS,
            Optional.of(new Seal(SigningKey.ofSeed(new byte[32]), SECRETS)),
            () -> clock.get() * 1_000);
    books = new AddressBooks(parts);
    shared = new SharedBooks(parts);
    rules = new BookRules(parts);
    tags = new BookTags(parts);
    legacy = new LegacyBook(parts);
    bin = new RecycleBin(parts);
    alice = user("alice", true);
    bob = user("bob", false);
    carol = user("carol", false);
  }

  @AfterEach
  void end() {
    hasher.close();
    database.close();
  }

  private Principal user(String name, boolean isAdmin) {
    User user =
        new User(
            SECRETS.guid(clock.get()),
            Organization.DEFAULT,
            name,
            Profile.EMPTY,
            true,
            isAdmin,
            "Default",
            new Credentials(Optional.empty(), Optional.empty(), false));
    join(database.call(handle -> UserTable.insert(handle, user, name, "default", 1)));
    return loggedIn(user, "first");
  }

  /** One more client of a user. */
  Principal loggedIn(User user, String client) {
    Device device = new Device(client, "dXVpZA==", "client", "192.0.2.1");
    String token = SECRETS.guid(clock.get());
    join(
        database.run(handle ->
            TokenTable.insert(
                handle, user, token, new Token(token, user.guid(), device, 1, 1), 10)));
    return new Principal(user, token, device);
  }

  static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof AccountRefusal refusal ? refusal : e;
    }
  }

  static void assertRefused(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccountRefusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
  }

  static Entry entry(String id, Map<EntryField, String> texts, String... tags) {
    return new Entry(id, texts, Optional.of(List.of(tags)), Optional.empty());
  }

  static Entry change(String id, EntryField field, String text) {
    return new Entry(id, Map.of(field, text), Optional.empty(), Optional.empty());
  }

  static Entry named(String id, String alias) {
    return entry(id, Map.of(EntryField.ALIAS, alias));
  }

  List<Entry> entries(Principal user, String book) {
    return join(books.entries(user, book, Filter.ALL, 0, 100)).rows();
  }

  List<String> ids(Principal user, String book) {
    return entries(user, book).stream().map(Entry::id).toList();
  }

  List<String> tagNames(Principal user, String book) {
    return join(tags.list(user, book)).stream().map(Tag::name).toList();
  }

  String personal(Principal user) {
    return join(books.personal(user));
  }

  String sharedBook(Principal owner, String name) {
    return join(
        shared.add(
            owner,
            new Written(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty())));
  }

  void pass(Duration time) {
    clock.addAndGet(time.toMillis());
  }
}
