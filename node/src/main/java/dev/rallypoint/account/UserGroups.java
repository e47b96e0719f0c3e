package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.access.AccessRules.Rule;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.access.AccessRuleTable.Listed;
import dev.rallypoint.store.access.AccessRuleTable.Party;
import dev.rallypoint.store.account.GroupTable;
import dev.rallypoint.store.account.GroupTable.UserGroup;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.account.UserTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * User groups with the rules from them and to them, as programs manage them. Stages fail with an
 * {@link AccountRefusal} where it is not done, and with the database's exception.
 */
public final class UserGroups {
  private static final int MOST_GROUPS = 1_000;
  private static final int MOST_RULES = 10_000;

  private final AccountParts parts;

  /** The groups of these accounts. */
  public UserGroups(AccountParts parts) {
    this.parts = parts;
  }

  /**
   * A group with its rules.
   *
   * @param incoming the groups and users that may control devices of its users
   * @param outgoing the groups and device groups that its users may control
   */
  public record Ruled(UserGroup group, List<Party> incoming, List<Party> outgoing) {}

  /** What is changed of a group; what is empty stays. */
  public record Change(
      Optional<String> name,
      Optional<String> note,
      Optional<List<Party>> incoming,
      Optional<List<Party>> outgoing) {}

  /** The groups in the order of their names. */
  public CompletionStage<List<Ruled>> list() {
    return parts.call(handle -> {
      List<Listed> rules = AccessRuleTable.list(handle, Organization.DEFAULT);
      return GroupTable.list(handle, Organization.DEFAULT).stream()
          .map(group -> {
            Party self = new Party(AccessRuleTable.Kind.USER_GROUP, group.name());
            return new Ruled(
                group,
                rules.stream().filter(rule -> rule.to().equals(self)).map(Listed::from).toList(),
                rules.stream().filter(rule -> rule.from().equals(self)).map(Listed::to).toList());
          })
          .toList();
    });
  }

  /**
   * Makes a group; completes with its guid.
   *
   * @param by who says so
   */
  public CompletionStage<String> create(Change change, String by) {
    return parts.change(handle -> {
      String name = change.name().orElse("");
      String note = change.note().orElse("");
      require(AccountText.nameFault(name).or(() -> AccountText.textFault("the note", note)));
      if (GroupTable.size(handle, Organization.DEFAULT) >= MOST_GROUPS) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST_GROUPS + " groups already");
      }
      UserGroup group = new UserGroup(parts.secrets().guid(parts.now()), name, note, 0);
      if (!GroupTable.insert(
          handle, Organization.DEFAULT, group, AccountText.key(name), parts.now())) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      rules(handle, group.guid(), change, by);
      return group.guid();
    });
  }

  /** Changes a group. */
  public CompletionStage<Boolean> change(String guid, Change change, String by) {
    return parts.change(handle -> {
      UserGroup old = group(handle, guid);
      String name = change.name().orElse(old.name());
      String note = change.note().orElse(old.note());
      require(AccountText.nameFault(name).or(() -> AccountText.textFault("the note", note)));
      boolean isOther = !AccountText.key(name).equals(AccountText.key(old.name()));
      if (isOther && old.name().equals(Organization.DEFAULT_GROUP)) {
        throw new AccountRefusal(Kind.CONFLICT, "the default group keeps its name");
      }
      boolean isTaken =
          guid(handle, new Party(AccessRuleTable.Kind.USER_GROUP, name))
              .filter(found -> !found.equals(guid))
              .isPresent();
      if (isTaken) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      GroupTable.update(
          handle,
          Organization.DEFAULT,
          new UserGroup(guid, name, note, old.users()),
          AccountText.key(name));
      rules(handle, guid, change, by);
      return true;
    });
  }

  private void rules(Handle handle, String guid, Change change, String by) {
    change
        .incoming()
        .ifPresent(list ->
            replace(
                handle,
                Stream.of(AccessRuleTable.Kind.USER, AccessRuleTable.Kind.USER_GROUP)
                    .map(kind -> new Rule(kind.text(), "", "user_group", guid))
                    .toList(),
                false,
                list.stream()
                    .map(from ->
                        new Rule(from.kind().text(), known(handle, from), "user_group", guid))
                    .toList(),
                by));
    change
        .outgoing()
        .ifPresent(list ->
            replace(
                handle,
                Stream.of(AccessRuleTable.Kind.USER_GROUP, AccessRuleTable.Kind.DEVICE_GROUP)
                    .map(kind -> new Rule("user_group", guid, kind.text(), ""))
                    .toList(),
                true,
                list.stream()
                    .map(to -> new Rule("user_group", guid, to.kind().text(), known(handle, to)))
                    .toList(),
                by));
  }

  private void replace(
      Handle handle, List<Rule> sides, boolean isFrom, List<Rule> rules, String by) {
    if (AccessRuleTable.size(handle, Organization.DEFAULT) + rules.size() > MOST_RULES) {
      throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST_RULES + " rules already");
    }
    for (Rule side : sides) {
      AccessRuleTable.endSide(handle, Organization.DEFAULT, side, isFrom, by, parts.now());
    }
    for (Rule rule : rules) {
      AccessRuleTable.insert(
          handle, Organization.DEFAULT, parts.secrets().guid(parts.now()), rule, by, parts.now());
    }
  }

  /** Deletes a group that nobody is in, with its rules. */
  public CompletionStage<Boolean> delete(String guid, String by) {
    return parts.change(handle -> {
      UserGroup group = group(handle, guid);
      if (group.name().equals(Organization.DEFAULT_GROUP)) {
        throw new AccountRefusal(Kind.CONFLICT, "the default group stays");
      }
      AccessRuleTable.endAll(
          handle, Organization.DEFAULT, AccessRuleTable.Kind.USER_GROUP, guid, by, parts.now());
      if (!GroupTable.delete(handle, Organization.DEFAULT, AccountText.key(group.name()))) {
        throw new AccountRefusal(Kind.CONFLICT, "users are in the group " + group.name());
      }
      return true;
    });
  }

  /** Moves users into a group, by guids. */
  public CompletionStage<Boolean> move(String guid, List<String> users) {
    return parts.change(handle -> {
      UserGroup group = group(handle, guid);
      for (String user : users) {
        User known =
            UserTable.find(handle, user)
                .filter(found -> found.org().equals(Organization.DEFAULT))
                .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no user " + user));
        UserTable.setGroup(handle, known, AccountText.key(group.name()), parts.now());
      }
      return true;
    });
  }

  private static UserGroup group(Handle handle, String guid) {
    return GroupTable.find(handle, Organization.DEFAULT, guid)
        .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no group " + guid));
  }

  private static Optional<String> guid(Handle handle, Party party) {
    return AccessRuleTable.guid(
        handle, Organization.DEFAULT, party.kind(), AccountText.key(party.name()));
  }

  private static String known(Handle handle, Party party) {
    return guid(handle, party)
        .orElseThrow(
            () -> new AccountRefusal(Kind.UNKNOWN, "there is no " + AccessRuleBook.text(party)));
  }

  private static void require(Optional<String> fault) {
    fault.ifPresent(line -> {
      throw AccountRefusal.invalid(line);
    });
  }
}
