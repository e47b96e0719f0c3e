package dev.rallypoint.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Accounts.Enrolment;
import dev.rallypoint.account.Accounts.NewUser;
import dev.rallypoint.account.Logins.Outcome;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.account.User.Profile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-ins, with a clock that the test sets. */
class LoginsTest {
  private static final String PASSWORD = "correct horse";
  private static final Device DEVICE = new Device("123456789", "dXVpZA==", "client", "192.0.2.1");
  private static final String NETWORK = "192.0.2.1";

  @TempDir Path folder;
  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  private final Secrets secrets = new Secrets(new SecureRandom());
  private AccountDatabase database;
  private PasswordHasher hasher;
  private AccountParts parts;
  private Accounts accounts;
  private Logins logins;
  private Invitations invitations;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    hasher = new PasswordHasher(secrets);
    parts =
        new AccountParts(
            database,
            hasher,
            secrets,
            Optional.of(new Seal(SigningKey.ofSeed(new byte[32]), secrets)),
            () -> clock.get() * 1_000);
    accounts = new Accounts(parts);
    logins = new Logins(parts);
    invitations = new Invitations(parts, accounts);
    join(accounts.create(new NewUser("Alice", Profile.EMPTY, true, ""), PASSWORD));
  }

  @AfterEach
  void end() {
    hasher.close();
    database.close();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toMillis());
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof AccountRefusal refusal ? refusal : e;
    }
  }

  private Outcome login(String name, String password) {
    return login(name, password, NETWORK);
  }

  private Outcome login(String name, String password, String network) {
    return join(logins.login(name, password, DEVICE, network));
  }

  private String token() {
    return ((Outcome.LoggedIn) login("alice", PASSWORD)).token();
  }

  private Outcome confirm(String secret, String code) {
    return join(logins.confirm(secret, code, DEVICE, NETWORK));
  }

  private static void assertRefused(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccountRefusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
  }

  @Test
  void givesATokenForTheRightPasswordInWhateverCaseTheName() {
    assertThat(token()).matches("rpc_[A-Za-z0-9_-]{43}");
  }

  @Test
  void refusesAWrongPasswordAndAnUnknownNameAlike() {
    assertThatThrownBy(() -> login("alice", "wrong horse"))
        .hasMessage("Wrong username or password");
    assertThatThrownBy(() -> login("nobody", PASSWORD)).hasMessage("Wrong username or password");
    assertThatThrownBy(() -> login("nobody", "x".repeat(300)))
        .hasMessage("Wrong username or password");
  }

  @Test
  void locksOneUserOfOneNetworkAfterFiveAttemptsAndLetsOthersIn() {
    for (int i = 0; i < 5; i++) {
      assertRefused(Kind.FORBIDDEN, () -> login("alice", "wrong horse"));
    }

    assertRefused(Kind.TOO_MANY, () -> login("alice", PASSWORD));
    assertThat(login("alice", PASSWORD, "192.0.2.2")).isInstanceOf(Outcome.LoggedIn.class);
    pass(Duration.ofSeconds(61));
    assertThat(login("alice", PASSWORD)).isInstanceOf(Outcome.LoggedIn.class);
  }

  @Test
  void countsTogetherWithOtherNodes() {
    Logins other = new Logins(parts);
    for (int i = 0; i < 5; i++) {
      Logins one = i % 2 == 0 ? logins : other;
      assertRefused(Kind.FORBIDDEN, () -> join(one.login("alice", "wrong horse", DEVICE, NETWORK)));
    }
    assertRefused(Kind.TOO_MANY, () -> join(other.login("alice", PASSWORD, DEVICE, NETWORK)));
  }

  @Test
  void forgetsFailuresWithASuccess() {
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 3; j++) {
        assertRefused(Kind.FORBIDDEN, () -> login("alice", "wrong", "192.0.2.7"));
      }
      assertThat(login("alice", PASSWORD, "192.0.2.7")).isInstanceOf(Outcome.LoggedIn.class);
      pass(Duration.ofHours(2));
    }
  }

  @Test
  void locksUnknownNamesAlike() {
    for (int i = 0; i < 5; i++) {
      assertRefused(Kind.FORBIDDEN, () -> login("nobody", "wrong horse"));
    }
    assertRefused(Kind.TOO_MANY, () -> login("nobody", "wrong horse"));
  }

  @Test
  void refusesADisabledUserOnlyAfterTheRightPassword() {
    String token = token();
    join(accounts.create(new NewUser("bob", Profile.EMPTY, true, ""), PASSWORD));

    join(accounts.setEnabled("alice", false));

    assertThatThrownBy(() -> login("alice", "wrong horse"))
        .hasMessage("Wrong username or password");
    assertThatThrownBy(() -> login("alice", PASSWORD)).hasMessageContaining("not enabled");
    assertRefused(Kind.TOKEN_ENDED, () -> join(logins.current(token)));
  }

  @Test
  void keepsATokenThatIsUsedAndEndsOneThatIsNot() {
    String token = token();
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofDays(100));
      assertThat(join(logins.current(token)).name()).isEqualTo("Alice");
    }
    pass(Duration.ofDays(181));
    assertRefused(Kind.TOKEN_ENDED, () -> join(logins.current(token)));
  }

  @Test
  void endsATokenWithTheLogout() {
    String token = token();
    assertThat(join(logins.logout(token))).isTrue();
    assertThat(join(logins.logout(token))).isFalse();
    assertRefused(Kind.TOKEN_ENDED, () -> join(logins.current(token)));
  }

  @Test
  void endsAllTokensWithANewPassword() {
    String token = token();
    join(accounts.setPassword("ALICE", "another horse"));
    assertRefused(Kind.TOKEN_ENDED, () -> join(logins.current(token)));
    assertRefused(Kind.FORBIDDEN, () -> login("alice", PASSWORD));
    assertThat(login("alice", "another horse")).isInstanceOf(Outcome.LoggedIn.class);
  }

  private byte[] enrolled(Enrolment enrolment) {
    return Base32.decode(enrolment.uri().replaceFirst(".*secret=([A-Z2-7]+).*", "$1"));
  }

  private String code(byte[] secret) {
    return Totp.code(secret, clock.get() / 30_000);
  }

  private String secret() {
    return ((Outcome.CodeNeeded) login("alice", PASSWORD)).secret();
  }

  @Test
  void asksForACodeAndTakesItOnce() {
    byte[] secret = enrolled(join(accounts.enrolTotp("alice")));
    String first = secret();
    assertThat(confirm(first, code(secret))).isInstanceOf(Outcome.LoggedIn.class);

    assertRefused(Kind.FORBIDDEN, () -> confirm(first, code(secret)));
    String second = secret();
    assertRefused(Kind.FORBIDDEN, () -> confirm(second, code(secret)));
    pass(Duration.ofSeconds(30));
    assertThat(confirm(second, code(secret))).isInstanceOf(Outcome.LoggedIn.class);
  }

  @Test
  void takesEachBackupCodeOnce() {
    Enrolment enrolment = join(accounts.enrolTotp("alice"));
    String code = enrolment.backupCodes().getFirst().toLowerCase(Locale.ROOT);
    assertThat(enrolment.backupCodes()).hasSize(10).doesNotHaveDuplicates();

    assertThat(confirm(secret(), code)).isInstanceOf(Outcome.LoggedIn.class);
    assertRefused(Kind.FORBIDDEN, () -> confirm(secret(), code));
  }

  @Test
  void letsFiveCodesBeTriedForOneLogin() {
    byte[] secret = enrolled(join(accounts.enrolTotp("alice")));
    String first = secret();
    for (int i = 0; i < 5; i++) {
      assertRefused(Kind.FORBIDDEN, () -> confirm(first, "000000x"));
    }
    assertRefused(Kind.FORBIDDEN, () -> confirm(first, code(secret)));
  }

  @Test
  void waitsTenMinutesForACode() {
    byte[] secret = enrolled(join(accounts.enrolTotp("alice")));
    String first = secret();
    pass(Duration.ofMinutes(10));
    assertRefused(Kind.FORBIDDEN, () -> confirm(first, code(secret)));
  }

  @Test
  void refusesAUserWithoutTheSecondFactorThatIsRequired() {
    join(accounts.setTotpRequired("alice", true));
    assertThatThrownBy(() -> login("alice", PASSWORD)).hasMessageContaining("second factor");

    join(accounts.enrolTotp("alice"));
    assertThat(login("alice", PASSWORD)).isInstanceOf(Outcome.CodeNeeded.class);
  }

  @Test
  void keepsTheOnlyAdministrator() {
    assertRefused(Kind.CONFLICT, () -> join(accounts.setEnabled("alice", false)));
    assertRefused(Kind.CONFLICT, () -> join(accounts.setAdmin("alice", false)));
    assertRefused(Kind.CONFLICT, () -> join(accounts.delete("alice")));
    assertThat(login("alice", PASSWORD).user()).extracting(User::isAdmin).isEqualTo(true);
  }

  @Test
  void makesTheUserOfAnInvitationOnce() {
    Invitations.Made made = join(invitations.invite("bob", "bob@example.org", ""));
    assertThat(join(invitations.accept(made.token(), "bobs password", NETWORK))).isEqualTo("bob");

    assertRefused(
        Kind.FORBIDDEN, () -> join(invitations.accept(made.token(), "bobs password", NETWORK)));
    assertThat(login("bob", "bobs password").user().isAdmin()).isFalse();
  }

  @Test
  void makesNoUserOfAnInvitationThatIsTooOld() {
    Invitations.Made made = join(invitations.invite("bob", "", ""));
    pass(Duration.ofDays(7));
    assertRefused(
        Kind.FORBIDDEN, () -> join(invitations.accept(made.token(), "bobs password", NETWORK)));
  }

  @Test
  void refusesNamesPasswordsAndGroupsThatBreakTheRules() {
    assertRefused(Kind.INVALID, () -> create("", PASSWORD, ""));
    assertRefused(Kind.INVALID, () -> create("bob", "short", ""));
    assertRefused(Kind.CONFLICT, () -> create("aLiCe", PASSWORD, ""));
    assertRefused(Kind.UNKNOWN, () -> create("bob", PASSWORD, "nowhere"));
    assertRefused(Kind.UNKNOWN, () -> join(accounts.setPassword("nobody", PASSWORD)));
  }

  private String create(String name, String password, String group) {
    return join(accounts.create(new NewUser(name, Profile.EMPTY, false, group), password));
  }
}
