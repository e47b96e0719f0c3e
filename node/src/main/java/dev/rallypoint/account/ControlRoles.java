package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.access.ControlPermission;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.ControlRoleTable;
import dev.rallypoint.store.access.ControlRoleTable.Role;
import dev.rallypoint.store.account.UserTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * What users may do in sessions, by roles. Two roles are built in: {@code Default} of users without
 * a role of their own, and {@code Not Logged} of those who are not logged in. Stages fail with an
 * {@link AccountRefusal} where it is not done, and with the database's exception.
 */
public final class ControlRoles {
  private static final int MOST = 1_000;

  private final AccountParts parts;

  /** The roles of these accounts. */
  public ControlRoles(AccountParts parts) {
    this.parts = parts;
  }

  /** The roles in the order of their names. */
  public CompletionStage<List<Role>> list() {
    return parts.call(handle -> ControlRoleTable.list(handle, Organization.DEFAULT));
  }

  /** The role of a guid. */
  public CompletionStage<Role> get(String guid) {
    return parts.call(handle -> byGuid(handle, guid));
  }

  /** Makes a role that leaves everything to the targets; completes with its guid. */
  public CompletionStage<String> create(String name, String note) {
    requireText(name, note);
    return parts.change(handle -> {
      if (ControlRoleTable.list(handle, Organization.DEFAULT).size() >= MOST) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST + " roles already");
      }
      Role role = new Role(parts.secrets().guid(parts.now()), name, note, true, false, 0);
      if (!ControlRoleTable.insert(
          handle, Organization.DEFAULT, role, AccountText.key(name), parts.now())) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      return role.guid();
    });
  }

  /**
   * Changes the permissions of a role.
   *
   * @param states {@code on}, {@code off} or {@code unset} by the permissions' labels
   */
  public CompletionStage<Boolean> permit(String name, Map<String, String> states) {
    return parts.change(handle -> {
      Role role = byName(handle, name);
      long permissions = role.permissions();
      for (Map.Entry<String, String> state : states.entrySet()) {
        permissions = permitted(permissions, state.getKey(), state.getValue());
      }
      update(
          handle,
          new Role(
              role.guid(),
              role.name(),
              role.note(),
              role.isEnabled(),
              role.isBuiltIn(),
              permissions));
      return true;
    });
  }

  private static long permitted(long permissions, String label, String state) {
    return ControlPermission.of(label)
        .flatMap(one -> one.set(permissions, state))
        .orElseThrow(() ->
            AccountRefusal.invalid(
                "%s=%s is no permission: write one of %s as NAME=on, NAME=off or NAME=unset"
                    .formatted(label, state, labels())));
  }

  private static String labels() {
    StringBuilder labels = new StringBuilder();
    for (ControlPermission one : ControlPermission.values()) {
      labels.append(labels.isEmpty() ? "" : ", ").append(one.label());
    }
    return labels.toString();
  }

  /** Changes a role of a guid. */
  public CompletionStage<Boolean> change(String guid, UnaryOperator<Role> change) {
    return parts.change(handle -> {
      Role changed = change.apply(byGuid(handle, guid));
      requireText(changed.name(), changed.note());
      if (!ControlPermission.isValid(changed.permissions())) {
        throw AccountRefusal.invalid("permissions are 13 times 2 bits");
      }
      Optional<Role> other =
          ControlRoleTable.find(handle, Organization.DEFAULT, AccountText.key(changed.name()));
      if (other.filter(role -> !role.guid().equals(guid)).isPresent()) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + changed.name() + " is taken");
      }
      update(handle, changed);
      return true;
    });
  }

  private void update(Handle handle, Role role) {
    ControlRoleTable.update(
        handle, Organization.DEFAULT, role, AccountText.key(role.name()), parts.now());
  }

  /** Deletes a role; its users have the usual one from then on. */
  public CompletionStage<Boolean> delete(String name) {
    return parts.change(handle -> delete(handle, byName(handle, name)));
  }

  /** Deletes roles by their guids. */
  public CompletionStage<Boolean> deleteAll(List<String> guids) {
    return parts.change(handle -> {
      guids.forEach(guid -> delete(handle, byGuid(handle, guid)));
      return true;
    });
  }

  /** Puts roles in force by their guids, or not: then their users have the usual one. */
  public CompletionStage<Boolean> enableAll(List<String> guids, boolean isEnabled) {
    return parts.change(handle -> {
      for (String guid : guids) {
        Role role = byGuid(handle, guid);
        update(
            handle,
            new Role(
                guid, role.name(), role.note(), isEnabled, role.isBuiltIn(), role.permissions()));
      }
      return true;
    });
  }

  private static boolean delete(Handle handle, Role role) {
    if (!ControlRoleTable.delete(handle, Organization.DEFAULT, role.guid())) {
      throw new AccountRefusal(Kind.CONFLICT, "the role " + role.name() + " stays");
    }
    return true;
  }

  /**
   * Gives a user a role.
   *
   * @param role its name, or empty for the usual one
   */
  public CompletionStage<Boolean> give(String user, String role) {
    return parts.change(handle -> {
      String guid =
          UserTable.find(handle, Organization.DEFAULT, AccountText.key(user))
              .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no user " + user))
              .guid();
      Optional<String> given =
          role.isEmpty() ? Optional.empty() : Optional.of(own(byName(handle, role)).guid());
      return ControlRoleTable.give(handle, Organization.DEFAULT, guid, given, parts.now());
    });
  }

  /** Gives users a role by guids; an empty role is the usual one. */
  public CompletionStage<Boolean> giveAll(List<String> users, String role) {
    return parts.change(handle -> {
      Optional<String> given =
          role.isEmpty() ? Optional.empty() : Optional.of(own(byGuid(handle, role)).guid());
      for (String user : users) {
        if (!ControlRoleTable.give(handle, Organization.DEFAULT, user, given, parts.now())) {
          throw new AccountRefusal(Kind.UNKNOWN, "there is no user " + user);
        }
      }
      return true;
    });
  }

  private static Role own(Role role) {
    if (role.isBuiltIn()) {
      throw new AccountRefusal(Kind.CONFLICT, "the role " + role.name() + " is not given to users");
    }
    return role;
  }

  private static void requireText(String name, String note) {
    AccountText.nameFault(name)
        .or(() -> AccountText.textFault("the note", note))
        .ifPresent(fault -> {
          throw AccountRefusal.invalid(fault);
        });
  }

  private static Role byName(Handle handle, String name) {
    return ControlRoleTable.find(handle, Organization.DEFAULT, AccountText.key(name))
        .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no role " + name));
  }

  private static Role byGuid(Handle handle, String guid) {
    return ControlRoleTable.findGuid(handle, Organization.DEFAULT, guid)
        .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no role " + guid));
  }
}
