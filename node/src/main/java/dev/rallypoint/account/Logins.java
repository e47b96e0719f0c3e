package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.account.LoginThrottle;
import dev.rallypoint.policy.account.LoginThrottle.Scope;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.FailureTable;
import dev.rallypoint.store.account.InvitationTable;
import dev.rallypoint.store.account.SecondFactorTable;
import dev.rallypoint.store.account.SecondFactorTable.PendingLogin;
import dev.rallypoint.store.account.TokenTable;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.TokenTable.Token;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.account.UserTable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * Log-ins by password and second factor, and the tokens that they give. Stages fail with an {@link
 * AccountRefusal} where the user is refused, and with the database's exception where that does not
 * answer. How long an answer takes does not tell whether a user exists.
 */
public final class Logins {
  /** A token that was not used for so long has ended. */
  static final Duration IDLE = Duration.ofDays(180);

  /** A use is noted once in this time. */
  static final Duration NOTED_AFTER = Duration.ofHours(1);

  /** How long a code is awaited. */
  static final Duration CODE_WITHIN = Duration.ofMinutes(10);

  /** The codes that may be tried for one log-in. */
  static final int MOST_TRIES = 5;

  /** The tokens of one user that are kept. */
  static final int MOST_TOKENS = 200;

  private static final Duration PURGE_AFTER = Duration.ofMinutes(1);

  private final AccountParts parts;
  private final AtomicLong purged = new AtomicLong();

  /** Log-ins to these accounts. */
  public Logins(AccountParts parts) {
    this.parts = parts;
  }

  /** What came of a log-in. */
  public sealed interface Outcome {
    /** The user. */
    User user();

    /**
     * The client is logged in.
     *
     * @param token what it shows from now on
     */
    record LoggedIn(User user, String token) implements Outcome {
      /** Without the token. */
      @Override
      public String toString() {
        return "LoggedIn[" + user.guid() + "]";
      }
    }

    /**
     * The password is right, a code is needed too.
     *
     * @param secret what the client shows with the code
     */
    record CodeNeeded(User user, String secret) implements Outcome {
      /** Without the secret. */
      @Override
      public String toString() {
        return "CodeNeeded[" + user.guid() + "]";
      }
    }
  }

  /**
   * Logs a client in by a password.
   *
   * @param network of the client, whose attempts are counted together
   */
  public CompletionStage<Outcome> login(
      String name, String password, Device device, String network) {
    if (password.length() > AccountText.LONGEST_PASSWORD) {
      return CompletableFuture.failedStage(wrong());
    }
    LoginKeys keys = LoginKeys.of(name, network);
    Set<Scope> locked = EnumSet.noneOf(Scope.class);
    return parts
        .call(handle -> {
          purge(handle);
          locked.addAll(keys.count(handle, Organization.DEFAULT, parts.now()));
          return UserTable.find(handle, Organization.DEFAULT, AccountText.key(name));
        })
        .thenCompose(user ->
            parts
                .hasher()
                .verify(
                    network, password, user.flatMap(known -> known.credentials().passwordHash()))
                .thenCompose(
                    verdict -> parts.call(handle -> passed(handle, keys, user, verdict, device))))
        .whenComplete((outcome, failure) -> {
          if (failure != null && Failures.cause(failure) instanceof AccountRefusal) {
            LoginAlarms.write(parts, locked, name, device);
          }
        });
  }

  private Outcome passed(
      Handle handle,
      LoginKeys keys,
      Optional<User> user,
      PasswordHasher.Verdict verdict,
      Device device) {
    // Read again: it may have been disabled, or have another password, since it was compared.
    Optional<User> now = user.flatMap(known -> UserTable.find(handle, known.guid()));
    if (!verdict.isRight()
        || now.isEmpty()
        || !now.get()
            .credentials()
            .passwordHash()
            .equals(user.orElseThrow().credentials().passwordHash())) {
      throw wrong();
    }
    User known = now.get();
    requireEnabled(known);
    verdict
        .better()
        .ifPresent(hash -> UserTable.setPassword(handle, known.guid(), hash, parts.now()));
    if (known.credentials().totp().isPresent()) {
      String secret = parts.secrets().token("");
      SecondFactorTable.expect(
          handle, known, Secrets.hash(secret), parts.now() + CODE_WITHIN.toMillis());
      return new Outcome.CodeNeeded(known, secret);
    }
    if (known.credentials().isTotpRequired()) {
      throw new AccountRefusal(
          Kind.FORBIDDEN,
          "Your account needs a second factor: ask the administrator of the server for one");
    }
    keys.takeBack(handle);
    return loggedIn(handle, known, device);
  }

  /**
   * Logs a client in by the code that was asked for.
   *
   * @param secret what it was given with the question
   * @param code of the authenticator app, or one of the backup codes
   */
  public CompletionStage<Outcome> confirm(
      String secret, String code, Device device, String network) {
    String hash = Secrets.hash(secret);
    return parts
        // A transaction of its own: a try counts, whatever comes of it.
        .call(handle -> SecondFactorTable.tryOnce(handle, hash, parts.now()))
        .thenCompose(pending ->
            parts.call(handle ->
                confirmed(handle, hash, pending, code)
                    .map(user -> {
                      LoginKeys.of(user.name(), network).takeBack(handle);
                      return loggedIn(handle, user, device);
                    })))
        .thenApply(outcome ->
            outcome.orElseThrow(
                () -> new AccountRefusal(Kind.FORBIDDEN, "Wrong code, or log in again")));
  }

  private Optional<User> confirmed(
      Handle handle, String secretHash, Optional<PendingLogin> pending, String code) {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    if (pending.get().tries() > MOST_TRIES) {
      SecondFactorTable.forget(handle, secretHash);
      return Optional.empty();
    }
    Optional<User> user = UserTable.find(handle, pending.get().user());
    if (user.isEmpty() || !isRight(handle, user.get(), code)) {
      return Optional.empty();
    }
    requireEnabled(user.get());
    SecondFactorTable.forget(handle, secretHash);
    return user;
  }

  private boolean isRight(Handle handle, User user, String code) {
    Optional<Long> step =
        user.credentials()
            .totp()
            .flatMap(sealed -> parts.requireSeal().open(sealed, user.guid()))
            .flatMap(secret -> Totp.step(secret, code, parts.now()));
    return step.isPresent()
        ? SecondFactorTable.useStep(handle, user.guid(), step.get())
        : SecondFactorTable.useBackupCode(handle, user.guid(), Secrets.codeHash(code));
  }

  private Outcome loggedIn(Handle handle, User user, Device device) {
    String token = parts.secrets().token(Secrets.CLIENT_TOKEN);
    long now = parts.now();
    int ended =
        TokenTable.insert(
            handle,
            user,
            Secrets.hash(token),
            new Token(parts.secrets().guid(now), user.guid(), device, now, now),
            MOST_TOKENS);
    UserTable.setLoggedIn(handle, user.guid(), now);
    if (ended > 0) {
      AccessEpoch.advance(handle, user.org());
    }
    return new Outcome.LoggedIn(user, token);
  }

  /** The user of a token; fails with {@link Kind#TOKEN_ENDED} where it is of nobody any more. */
  public CompletionStage<User> current(String token) {
    return principal(token).thenApply(Principal::user);
  }

  /** Who a token is of; fails with {@link Kind#TOKEN_ENDED} where it is of nobody any more. */
  public CompletionStage<Principal> principal(String token) {
    return parts.call(handle -> {
      long now = parts.now();
      Token known =
          TokenTable.find(handle, Secrets.hash(token), now - IDLE.toMillis())
              .orElseThrow(Logins::ended);
      User user =
          UserTable.find(handle, known.user()).filter(User::isEnabled).orElseThrow(Logins::ended);
      if (known.lastUsedAt() < now - NOTED_AFTER.toMillis()) {
        TokenTable.setUsed(handle, known.guid(), now);
      }
      return new Principal(user, known.guid(), known.device());
    });
  }

  /** Ends a token; false where it was of nobody. */
  public CompletionStage<Boolean> logout(String token) {
    return parts.call(handle -> {
      boolean wasLoggedIn = TokenTable.delete(handle, Secrets.hash(token));
      if (wasLoggedIn) {
        AccessEpoch.advance(handle, Organization.DEFAULT);
      }
      return wasLoggedIn;
    });
  }

  private void purge(Handle handle) {
    long now = parts.now();
    long last = purged.get();
    if (now - last > PURGE_AFTER.toMillis() && purged.compareAndSet(last, now)) {
      FailureTable.purge(handle, now - LoginThrottle.FORGOTTEN_AFTER.toMillis());
      InvitationTable.purge(handle, now);
    }
  }

  private static void requireEnabled(User user) {
    if (!user.isEnabled()) {
      throw new AccountRefusal(Kind.FORBIDDEN, "Your account is not enabled on this server");
    }
  }

  private static AccountRefusal wrong() {
    return new AccountRefusal(Kind.FORBIDDEN, "Wrong username or password");
  }

  private static AccountRefusal ended() {
    return new AccountRefusal(Kind.TOKEN_ENDED, "Your login has ended, log in again");
  }
}
