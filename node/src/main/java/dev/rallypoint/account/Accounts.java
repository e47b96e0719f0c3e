package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.account.SecondFactorTable;
import dev.rallypoint.store.account.TokenTable;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.account.User.Credentials;
import dev.rallypoint.store.account.User.Profile;
import dev.rallypoint.store.account.UserTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * What operators do with users. Users are named by their names, in whatever case. Stages fail with
 * an {@link AccountRefusal} where it is not done, and with the database's exception.
 */
public final class Accounts {
  /** The passwords that an operator sets are hashed beside those of log-ins. */
  private static final String OPERATOR = "operator";

  private static final int BACKUP_CODES = 10;
  private static final int BACKUP_GROUPS = 3;

  private final AccountParts parts;

  /** These accounts. */
  public Accounts(AccountParts parts) {
    this.parts = parts;
  }

  /**
   * A user to be.
   *
   * @param group the name of the user's group, or empty for the default one
   */
  public record NewUser(String name, Profile profile, boolean isAdmin, String group) {
    /** What is wrong with it, in one line; empty when it is fine. */
    Optional<String> fault() {
      return AccountText.nameFault(name)
          .or(() -> AccountText.textFault("the display name", profile.displayName()))
          .or(() -> AccountText.textFault("the mail address", profile.email()))
          .or(() -> AccountText.textFault("the note", profile.note()));
    }

    String groupKey() {
      return AccountText.key(group.isBlank() ? Organization.DEFAULT_GROUP : group);
    }
  }

  /**
   * A new second factor.
   *
   * @param uri for an authenticator app, with the secret
   * @param backupCodes each of which is good once in place of a code
   */
  public record Enrolment(String uri, List<String> backupCodes) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "Enrolment";
    }
  }

  /** Makes a user; completes with the guid. */
  public CompletionStage<String> create(NewUser user, String password) {
    return create(user, password, OPERATOR, (handle, guid) -> {});
  }

  /**
   * Makes a user.
   *
   * @param network whose hashes are counted together
   * @param with runs in the same transaction; nothing is made when it throws
   */
  CompletionStage<String> create(
      NewUser user, String password, String network, BiConsumer<Handle, String> with) {
    Optional<String> fault = user.fault().or(() -> AccountText.passwordFault(password));
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    return parts
        .hasher()
        .hash(network, password)
        .thenCompose(hash ->
            parts.change(handle -> {
              long now = parts.now();
              String guid = parts.secrets().guid(now);
              with.accept(handle, guid);
              User row =
                  new User(
                      guid,
                      Organization.DEFAULT,
                      user.name(),
                      user.profile(),
                      true,
                      user.isAdmin(),
                      user.group(),
                      new Credentials(Optional.of(hash), Optional.empty(), false));
              if (!UserTable.insert(
                  handle, row, AccountText.key(user.name()), user.groupKey(), now)) {
                boolean isTaken =
                    UserTable.find(handle, Organization.DEFAULT, AccountText.key(user.name()))
                        .isPresent();
                throw isTaken
                    ? new AccountRefusal(Kind.CONFLICT, "the name " + user.name() + " is taken")
                    : new AccountRefusal(Kind.UNKNOWN, "there is no group " + user.group());
              }
              return guid;
            }));
  }

  /** A page of users in the order of their names, after one. */
  public CompletionStage<List<User.Listed>> list(String after, int most) {
    return parts.call(
        handle -> UserTable.list(handle, Organization.DEFAULT, AccountText.key(after), most));
  }

  /** Sets a password, and ends all tokens of the user. */
  public CompletionStage<Boolean> setPassword(String name, String password) {
    Optional<String> fault = AccountText.passwordFault(password);
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    return parts
        .hasher()
        .hash(OPERATOR, password)
        .thenCompose(hash ->
            changed(
                name,
                (handle, user) -> {
                  UserTable.setPassword(handle, user.guid(), hash, parts.now());
                  TokenTable.deleteAll(handle, user.guid());
                }));
  }

  /** Lets a user log in; or not, and ends all of his tokens. */
  public CompletionStage<Boolean> setEnabled(String name, boolean isEnabled) {
    return changed(
        name,
        (handle, user) -> {
          UserTable.setEnabled(handle, user.guid(), isEnabled, parts.now());
          if (!isEnabled) {
            TokenTable.deleteAll(handle, user.guid());
            requireAdminAfter(handle, user);
          }
        });
  }

  /** Makes a user an administrator, or an ordinary user. */
  public CompletionStage<Boolean> setAdmin(String name, boolean isAdmin) {
    return changed(
        name,
        (handle, user) -> {
          UserTable.setAdmin(handle, user.guid(), isAdmin, parts.now());
          requireAdminAfter(handle, user);
        });
  }

  /** Moves a user to a group. */
  public CompletionStage<Boolean> setGroup(String name, String group) {
    return changed(
        name,
        (handle, user) -> {
          if (!UserTable.setGroup(handle, user, AccountText.key(group), parts.now())) {
            throw new AccountRefusal(Kind.UNKNOWN, "there is no group " + group);
          }
        });
  }

  /** Deletes a user with all that belongs to him. */
  public CompletionStage<Boolean> delete(String name) {
    return changed(
        name,
        (handle, user) -> {
          UserTable.delete(handle, user.guid());
          AccessRuleTable.endAll(
              handle,
              Organization.DEFAULT,
              AccessRuleTable.Kind.USER,
              user.guid(),
              "deleted",
              parts.now());
          requireAdminAfter(handle, user);
        });
  }

  /** The tokens of a user, those used last first. */
  public CompletionStage<List<TokenTable.Token>> tokens(String name) {
    return with(name, (handle, user) -> TokenTable.list(handle, user.guid()));
  }

  /** Ends all tokens of a user; completes with how many. */
  public CompletionStage<Integer> endTokens(String name) {
    return change(name, (handle, user) -> TokenTable.deleteAll(handle, user.guid()));
  }

  /** Lets a user log in with a second factor only, or without one too. */
  public CompletionStage<Boolean> setTotpRequired(String name, boolean isRequired) {
    return changed(
        name,
        (handle, user) -> UserTable.setTotpRequired(handle, user.guid(), isRequired, parts.now()));
  }

  /** Gives a user a second factor in place of what he had. */
  public CompletionStage<Enrolment> enrolTotp(String name) {
    return with(
        name,
        (handle, user) -> {
          byte[] secret = parts.secrets().bytes(Totp.SECRET_BYTES);
          List<String> codes =
              IntStream.range(0, BACKUP_CODES)
                  .mapToObj(i -> parts.secrets().code(BACKUP_GROUPS))
                  .toList();
          SecondFactorTable.set(
              handle,
              user,
              parts.requireSeal().seal(secret, user.guid()),
              codes.stream().map(Secrets::codeHash).toList(),
              parts.now());
          return new Enrolment(Totp.uri(secret, user.name()), codes);
        });
  }

  /** Takes a user's second factor away. */
  public CompletionStage<Boolean> clearTotp(String name) {
    return changed(
        name, (handle, user) -> SecondFactorTable.clear(handle, user.guid(), parts.now()));
  }

  private CompletionStage<Boolean> changed(String name, BiConsumer<Handle, User> change) {
    return change(
        name,
        (handle, user) -> {
          change.accept(handle, user);
          return true;
        });
  }

  private <T> CompletionStage<T> change(String name, BiFunction<Handle, User, T> change) {
    return parts.change(handle -> change.apply(handle, find(handle, name)));
  }

  private <T> CompletionStage<T> with(String name, BiFunction<Handle, User, T> change) {
    return parts.call(handle -> change.apply(handle, find(handle, name)));
  }

  private static User find(Handle handle, String name) {
    return UserTable.find(handle, Organization.DEFAULT, AccountText.key(name))
        .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no user " + name));
  }

  /** Nothing is changed that leaves no administrator. */
  private static void requireAdminAfter(Handle handle, User changed) {
    if (changed.isAdmin()
        && changed.isEnabled()
        && !UserTable.hasAdmin(handle, Organization.DEFAULT)) {
      throw new AccountRefusal(
          Kind.CONFLICT, changed.name() + " is the only administrator: make another one first");
    }
  }
}
