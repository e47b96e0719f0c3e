package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.account.Accounts.NewUser;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.account.GroupTable;
import dev.rallypoint.store.account.GroupTable.UserGroup;
import dev.rallypoint.store.account.InvitationTable;
import dev.rallypoint.store.account.InvitationTable.Invitation;
import dev.rallypoint.store.account.User.Profile;
import dev.rallypoint.store.account.UserTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How users come to accounts: the first administrator by a set-up code, others by invitations; and
 * the groups that they are in.
 */
public final class Invitations {
  /** How long an invitation is good. */
  static final Duration GOOD_FOR = Duration.ofDays(7);

  private static final int SETUP_GROUPS = 4;
  private static final int MOST_SETUP_CODES = 16;
  private static final int MOST_GROUPS = 1_000;

  private final AccountParts parts;
  private final Accounts accounts;

  /** Invitations to these accounts. */
  public Invitations(AccountParts parts, Accounts accounts) {
    this.parts = parts;
    this.accounts = accounts;
  }

  /**
   * A new invitation.
   *
   * @param token what the invited shows; the database has only its hash
   */
  public record Made(Invitation invitation, String token) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Made[" + invitation.guid() + "]";
    }
  }

  /**
   * A new set-up code, which makes the first administrator once; empty where there is one. Codes
   * made before stay good until then.
   */
  public CompletionStage<Optional<String>> setupCode() {
    return parts.call(handle -> {
      if (UserTable.hasAdmin(handle, Organization.DEFAULT)) {
        return Optional.<String>empty();
      }
      String code = parts.secrets().code(SETUP_GROUPS);
      InvitationTable.addSetupCode(
          handle, Organization.DEFAULT, Secrets.codeHash(code), parts.now(), MOST_SETUP_CODES);
      return Optional.of(code);
    });
  }

  /** Makes the first administrator; completes with the guid. */
  public CompletionStage<String> setUp(String code, String name, String password, String network) {
    return accounts.create(
        new NewUser(name, Profile.EMPTY, true, ""),
        password,
        network,
        (handle, guid) -> {
          if (UserTable.hasAdmin(handle, Organization.DEFAULT)
              || !InvitationTable.useSetupCode(handle, Secrets.codeHash(code))) {
            throw new AccountRefusal(
                Kind.FORBIDDEN, "the set-up code is wrong, or there is an administrator already");
          }
        });
  }

  /** Invites somebody to be a user of this name. */
  public CompletionStage<Made> invite(String name, String email, String group) {
    NewUser user = new NewUser(name, new Profile("", email, ""), false, group);
    Optional<String> fault = user.fault();
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    return parts.call(handle -> {
      long now = parts.now();
      String token = parts.secrets().token("");
      Invitation invitation =
          new Invitation(
              parts.secrets().guid(now),
              name,
              email,
              group.isBlank() ? Organization.DEFAULT_GROUP : group,
              now,
              now + GOOD_FOR.toMillis());
      if (UserTable.find(handle, Organization.DEFAULT, AccountText.key(name)).isPresent()) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      if (!InvitationTable.insert(
          handle, Organization.DEFAULT, invitation, user.groupKey(), Secrets.hash(token))) {
        throw new AccountRefusal(Kind.UNKNOWN, "there is no group " + group);
      }
      return new Made(invitation, token);
    });
  }

  /** The invitations that are good, the oldest first. */
  public CompletionStage<List<Invitation>> list() {
    return parts.call(handle -> InvitationTable.list(handle, Organization.DEFAULT, parts.now()));
  }

  /** Takes an invitation back. */
  public CompletionStage<Boolean> takeBack(String guid) {
    return parts.call(
        handle -> require(InvitationTable.delete(handle, guid), "there is no invitation " + guid));
  }

  /** Makes the user whom an invitation names; completes with the name. */
  public CompletionStage<String> accept(String token, String password, String network) {
    String hash = Secrets.hash(token);
    return parts
        .call(handle ->
            InvitationTable.find(handle, hash, parts.now()).orElseThrow(Invitations::gone))
        .thenCompose(invitation ->
            accounts
                .create(
                    new NewUser(
                        invitation.name(),
                        new Profile("", invitation.email(), ""),
                        false,
                        invitation.group()),
                    password,
                    network,
                    (handle, guid) -> {
                      if (!InvitationTable.delete(handle, invitation.guid())) {
                        throw gone();
                      }
                    })
                .thenApply(guid -> invitation.name()));
  }

  /** All groups in the order of their names. */
  public CompletionStage<List<UserGroup>> groups() {
    return parts.call(handle -> GroupTable.list(handle, Organization.DEFAULT));
  }

  /** Makes a group; completes with its guid. */
  public CompletionStage<String> createGroup(String name, String note) {
    Optional<String> fault =
        AccountText.nameFault(name).or(() -> AccountText.textFault("the note", note));
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    return parts.change(handle -> {
      if (GroupTable.size(handle, Organization.DEFAULT) >= MOST_GROUPS) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST_GROUPS + " groups already");
      }
      UserGroup group = new UserGroup(parts.secrets().guid(parts.now()), name, note, 0);
      boolean isMade =
          GroupTable.insert(
              handle, Organization.DEFAULT, group, AccountText.key(name), parts.now());
      if (!isMade) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      return group.guid();
    });
  }

  /** Deletes a group that nobody is in. */
  public CompletionStage<Boolean> deleteGroup(String name) {
    if (AccountText.key(name).equals(AccountText.key(Organization.DEFAULT_GROUP))) {
      return CompletableFuture.failedStage(
          new AccountRefusal(Kind.CONFLICT, "the default group stays"));
    }
    String key = AccountText.key(name);
    return parts.change(handle -> {
      AccessRuleTable.guid(handle, Organization.DEFAULT, AccessRuleTable.Kind.USER_GROUP, key)
          .ifPresent(guid ->
              AccessRuleTable.endAll(
                  handle,
                  Organization.DEFAULT,
                  AccessRuleTable.Kind.USER_GROUP,
                  guid,
                  "deleted",
                  parts.now()));
      return require(
          GroupTable.delete(handle, Organization.DEFAULT, key),
          "there is no group " + name + ", or users are in it");
    });
  }

  private static boolean require(boolean isDone, String otherwise) {
    if (!isDone) {
      throw new AccountRefusal(Kind.UNKNOWN, otherwise);
    }
    return true;
  }

  private static AccountRefusal gone() {
    return new AccountRefusal(Kind.FORBIDDEN, "the invitation was used, or is too old");
  }
}
