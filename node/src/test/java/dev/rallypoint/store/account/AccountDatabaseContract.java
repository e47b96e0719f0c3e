package dev.rallypoint.store.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rallypoint.store.account.DeviceTable.Known;
import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import dev.rallypoint.store.account.GroupTable.UserGroup;
import dev.rallypoint.store.account.InvitationTable.Invitation;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.TokenTable.Token;
import dev.rallypoint.store.account.User.Credentials;
import dev.rallypoint.store.account.User.Profile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tables of accounts do, on each kind of database. */
abstract class AccountDatabaseContract {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final Device DEVICE = new Device("123456789", "dXVpZA==", "client", "192.0.2.1");

  private AccountDatabase database;

  /** Opens the database of the test, which may have been opened before. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    database = open();
  }

  @AfterEach
  void end() {
    database.close();
  }

  private <T> T call(HandleCallback<T, RuntimeException> statements) {
    return database.call(statements).toCompletableFuture().join();
  }

  private void run(HandleConsumer<RuntimeException> statements) {
    database.run(statements).toCompletableFuture().join();
  }

  private static User user(String guid, String name) {
    return new User(
        guid,
        ORG,
        name,
        new Profile("Display " + name, name + "@example.org", "' or 1=1 --"),
        true,
        false,
        "Default",
        new Credentials(Optional.of("hash"), Optional.empty(), false));
  }

  private boolean insert(User user) {
    return call((Handle handle) ->
        UserTable.insert(handle, user, user.name().toLowerCase(Locale.ROOT), "default", 1_000));
  }

  private User alice() {
    User alice = user("guid-of-alice", "Alice");
    assertThat(insert(alice)).isTrue();
    return alice;
  }

  @Test
  void findsAUserByNameAndGuidAsStored() {
    User alice = alice();
    assertThat(call((Handle handle) -> UserTable.find(handle, ORG, "alice"))).contains(alice);
    assertThat(call((Handle handle) -> UserTable.find(handle, "guid-of-alice"))).contains(alice);
    assertThat(call((Handle handle) -> UserTable.find(handle, ORG, "%"))).isEmpty();
  }

  @Test
  void insertsNoSecondUserOfAName() {
    alice();
    assertThat(insert(user("another", "ALICE"))).isFalse();
  }

  @Test
  void insertsNoUserOfAGroupThatIsNotThere() {
    User bob = user("guid-of-bob", "bob");
    assertThat(call((Handle handle) -> UserTable.insert(handle, bob, "bob", "nowhere", 1)))
        .isFalse();
  }

  @Test
  void keepsWhatItHasWhenItIsOpenedAgain() {
    User alice = alice();
    database.close();
    database = open();
    assertThat(call((Handle handle) -> UserTable.find(handle, ORG, "alice"))).contains(alice);
  }

  @Test
  void listsUsersPageByPage() {
    insert(user("b", "bob"));
    insert(user("a", "alice"));
    insert(user("c", "carol"));
    List<User.Listed> page = call((Handle handle) -> UserTable.list(handle, ORG, "alice", 1));
    assertThat(page).extracting(listed -> listed.user().name()).containsExactly("bob");
    assertThat(page.getFirst().lastLoginAt()).isEmpty();
  }

  @Test
  void changesAUser() {
    User alice = alice();
    User changed =
        call((Handle handle) -> {
          UserTable.setEnabled(handle, alice.guid(), false, 2);
          UserTable.setAdmin(handle, alice.guid(), true, 2);
          UserTable.setTotpRequired(handle, alice.guid(), true, 2);
          UserTable.setPassword(handle, alice.guid(), "other", 2);
          return UserTable.find(handle, alice.guid()).orElseThrow();
        });
    assertThat(changed.isEnabled()).isFalse();
    assertThat(changed.isAdmin()).isTrue();
    assertThat(changed.credentials())
        .isEqualTo(new Credentials(Optional.of("other"), Optional.empty(), true));
  }

  @Test
  void knowsAnAdministratorWhoMayLogIn() {
    User alice = alice();
    assertThat(call((Handle handle) -> UserTable.hasAdmin(handle, ORG))).isFalse();
    run(handle -> UserTable.setAdmin(handle, alice.guid(), true, 2));
    assertThat(call((Handle handle) -> UserTable.hasAdmin(handle, ORG))).isTrue();
    run(handle -> UserTable.setEnabled(handle, alice.guid(), false, 2));
    assertThat(call((Handle handle) -> UserTable.hasAdmin(handle, ORG))).isFalse();
  }

  @Test
  void deletesAUserWithAllThatIsHis() {
    User alice = alice();
    run(handle -> {
      TokenTable.insert(handle, alice, "hash", token("t", 5), 10);
      SecondFactorTable.set(handle, alice, "sealed", List.of("code"), 5);
      SecondFactorTable.expect(handle, alice, "secret", 10);
      UserTable.delete(handle, alice.guid());
    });
    assertThat(call((Handle handle) -> TokenTable.find(handle, "hash", 0))).isEmpty();
    assertThat(call((Handle handle) -> SecondFactorTable.tryOnce(handle, "secret", 5))).isEmpty();
    assertThat(insert(alice)).isTrue();
    assertThat(
            call((Handle handle) -> SecondFactorTable.useBackupCode(handle, alice.guid(), "code")))
        .isFalse();
  }

  private static Token token(String guid, long now) {
    return new Token(guid, "guid-of-alice", DEVICE, now, now);
  }

  @Test
  void keepsTheTokensThatWereUsedLast() {
    User alice = alice();
    for (int i = 1; i <= 4; i++) {
      Device device = new Device("id" + i, "uuid", "client", "192.0.2.1");
      Token token = new Token("t" + i, alice.guid(), device, i, i);
      String hash = "h" + i;
      run(handle -> TokenTable.insert(handle, alice, hash, token, 2));
    }
    assertThat(call((Handle handle) -> TokenTable.list(handle, alice.guid())))
        .extracting(Token::guid)
        .containsExactly("t4", "t3");
  }

  @Test
  void replacesTheTokenOfADevice() {
    User alice = alice();
    run(handle -> {
      TokenTable.insert(handle, alice, "h1", token("t1", 1), 10);
      TokenTable.insert(handle, alice, "h2", token("t2", 2), 10);
    });
    assertThat(call((Handle handle) -> TokenTable.find(handle, "h1", 0))).isEmpty();
    assertThat(call((Handle handle) -> TokenTable.find(handle, "h2", 0))).contains(token("t2", 2));
    assertThat(call((Handle handle) -> TokenTable.find(handle, "h2", 3))).isEmpty();
    assertThat(call((Handle handle) -> TokenTable.delete(handle, "h2"))).isTrue();
    assertThat(call((Handle handle) -> TokenTable.delete(handle, "h2"))).isFalse();
  }

  @Test
  void countsAttemptsUntilTheyAreLockedOrForgotten() {
    assertThat(count("k", 100, 0)).contains(1);
    assertThat(count("k", 200, 0)).contains(2);
    run(handle -> FailureTable.lock(handle, "k", 500));
    assertThat(count("k", 499, 0)).isEmpty();
    assertThat(count("k", 500, 0)).contains(3);
    assertThat(count("k", 2_000, 1_000)).contains(1);
  }

  private Optional<Integer> count(String key, long now, long forgotten) {
    return call((Handle handle) -> FailureTable.count(handle, ORG, key, now, forgotten));
  }

  @Test
  void takesAStepAndABackupCodeOnce() {
    User alice = alice();
    run(handle -> SecondFactorTable.set(handle, alice, "sealed", List.of("c1", "c2"), 5));
    assertThat(useStep(7)).isTrue();
    assertThat(useStep(7)).isFalse();
    assertThat(useStep(6)).isFalse();
    assertThat(useStep(8)).isTrue();
    assertThat(call((Handle handle) -> SecondFactorTable.useBackupCode(handle, alice.guid(), "c1")))
        .isTrue();
    assertThat(call((Handle handle) -> SecondFactorTable.useBackupCode(handle, alice.guid(), "c1")))
        .isFalse();
  }

  private boolean useStep(long step) {
    return call((Handle handle) -> SecondFactorTable.useStep(handle, "guid-of-alice", step));
  }

  @Test
  void usesASetupCodeOnceAndAllOthersWithIt() {
    run(handle -> {
      InvitationTable.addSetupCode(handle, ORG, "one", 1, 16);
      InvitationTable.addSetupCode(handle, ORG, "two", 2, 16);
    });
    assertThat(call((Handle handle) -> InvitationTable.useSetupCode(handle, "other"))).isFalse();
    assertThat(call((Handle handle) -> InvitationTable.useSetupCode(handle, "one"))).isTrue();
    assertThat(call((Handle handle) -> InvitationTable.useSetupCode(handle, "two"))).isFalse();
  }

  @Test
  void keepsAnInvitationUntilItIsUsedOrExpires() {
    Invitation invitation = new Invitation("i", "bob", "bob@example.org", "Default", 10, 20);
    assertThat(
            call(
                (Handle handle) -> InvitationTable.insert(handle, ORG, invitation, "default", "h")))
        .isTrue();
    assertThat(call((Handle handle) -> InvitationTable.find(handle, "h", 19))).contains(invitation);
    assertThat(call((Handle handle) -> InvitationTable.list(handle, ORG, 19)))
        .containsExactly(invitation);
    assertThat(call((Handle handle) -> InvitationTable.find(handle, "h", 20))).isEmpty();
    assertThat(call((Handle handle) -> InvitationTable.delete(handle, "i"))).isTrue();
    assertThat(call((Handle handle) -> InvitationTable.delete(handle, "i"))).isFalse();
  }

  @Test
  void deletesAGroupThatNobodyIsIn() {
    User alice = alice();
    UserGroup group = new UserGroup("g", "Support", "a note", 0);
    assertThat(call((Handle handle) -> GroupTable.insert(handle, ORG, group, "support", 1)))
        .isTrue();
    assertThat(call((Handle handle) -> GroupTable.insert(handle, ORG, group, "support", 1)))
        .isFalse();
    assertThat(call((Handle handle) -> UserTable.setGroup(handle, alice, "support", 1))).isTrue();
    assertThat(call((Handle handle) -> GroupTable.list(handle, ORG)))
        .extracting(UserGroup::name, UserGroup::users)
        .containsExactly(tuple("Default", 0), tuple("Support", 1));
    assertThat(call((Handle handle) -> GroupTable.delete(handle, ORG, "support"))).isFalse();
    assertThat(call((Handle handle) -> UserTable.setGroup(handle, alice, "default", 1))).isTrue();
    assertThat(call((Handle handle) -> GroupTable.delete(handle, ORG, "support"))).isTrue();
  }

  @Test
  void replacesWhatADeviceTold() {
    save("u1", "h1");
    save("u2", "h2");
    assertThat(call((Handle handle) -> DeviceTable.find(handle, "123456789")))
        .contains(new Known("u2", "h2"));
  }

  private void save(String uuid, String hash) {
    SystemFacts facts = new SystemFacts("host", "user", "Linux", "cpu", "16GB", "1.4.9");
    run(handle ->
        DeviceTable.save(
            handle, "guid-1", ORG, "123456789", new Known(uuid, hash), facts, "192.0.2.1", 1_000));
  }

  @Test
  void changesNothingWhenItThrows() {
    database
        .run(handle -> {
          UserTable.insert(handle, user("x", "x"), "x", "default", 1);
          throw new IllegalStateException("no");
        })
        .exceptionally(failure -> false)
        .toCompletableFuture()
        .join();
    assertThat(call((Handle handle) -> UserTable.find(handle, "x"))).isEmpty();
  }
}
