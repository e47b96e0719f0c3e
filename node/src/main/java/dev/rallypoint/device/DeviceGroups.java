package dev.rallypoint.device;

import dev.rallypoint.device.DeviceRefusal.Kind;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.account.DeviceGroupTable;
import dev.rallypoint.store.account.DeviceGroupTable.DeviceGroup;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Groups of devices. Stages fail with a {@link DeviceRefusal} where something is not done, and with
 * the database's exception.
 */
public final class DeviceGroups {
  private static final int MOST = 1_000;
  private static final int MOST_DEVICES = 1_000;

  private final DeviceParts parts;
  private final IncomingRules rules;

  /**
   * The groups.
   *
   * @param rules keeps who may reach the devices of a group
   */
  public DeviceGroups(DeviceParts parts, IncomingRules rules) {
    this.parts = parts;
    this.rules = rules;
  }

  /**
   * What is written of a group; what is empty stays as it is.
   *
   * @param incoming who may reach its devices
   */
  public record Draft(
      Optional<String> name, Optional<String> note, Optional<List<IncomingRules.Rule>> incoming) {}

  /** A group with who may reach its devices. */
  public record Group(DeviceGroup group, List<IncomingRules.Rule> incoming) {}

  /**
   * A page of groups.
   *
   * @param total how many all pages have
   */
  public record Page(long total, List<Group> groups) {}

  /**
   * A page of groups in the order of their names.
   *
   * @param name only those of this name; with a percent sign a pattern of SQL's LIKE
   */
  public CompletionStage<Page> list(Optional<String> name, long offset, int most) {
    String key = name.filter(text -> !text.isEmpty()).map(AccountText::key).orElse("%");
    String pattern = key.replace("!", "!!").replace("_", "!_");
    return parts.call(handle ->
        new Page(
            DeviceGroupTable.count(handle, parts.organization(), pattern),
            DeviceGroupTable.list(handle, parts.organization(), pattern, offset, most).stream()
                .map(
                    group -> new Group(group, rules.of(handle, parts.organization(), group.guid())))
                .toList()));
  }

  /** Makes a group; completes with its guid. */
  public CompletionStage<String> create(Draft draft) {
    return parts.call(handle -> {
      String name = draft.name().orElse("");
      require(AccountText.nameFault(name));
      require(AccountText.textFault("the note", draft.note().orElse("")));
      String org = parts.organization();
      if (DeviceGroupTable.count(handle, org, "%") >= MOST) {
        throw new DeviceRefusal(Kind.CONFLICT, "there are " + MOST + " device groups already");
      }
      DeviceGroup group =
          new DeviceGroup(parts.guids().apply(parts.now()), name, draft.note().orElse(""), 0);
      if (!DeviceGroupTable.insert(handle, org, group, AccountText.key(name), parts.now())) {
        throw taken(name);
      }
      draft.incoming().ifPresent(list -> rules.replace(handle, org, group.guid(), list));
      AccessEpoch.advance(handle, org);
      return group.guid();
    });
  }

  /** Changes a group. */
  public CompletionStage<Boolean> change(String guid, Draft draft) {
    return changed(
        guid,
        handle -> {
          draft.name().ifPresent(name -> rename(handle, guid, name));
          draft
              .note()
              .ifPresent(note -> {
                require(AccountText.textFault("the note", note));
                DeviceGroupTable.setNote(handle, guid, note);
              });
          draft
              .incoming()
              .ifPresent(list -> rules.replace(handle, parts.organization(), guid, list));
        });
  }

  private void rename(Handle handle, String guid, String name) {
    require(AccountText.nameFault(name));
    String key = AccountText.key(name);
    if (DeviceGroupTable.find(handle, parts.organization(), key)
        .filter(other -> !other.equals(guid))
        .isPresent()) {
      throw taken(name);
    }
    DeviceGroupTable.rename(handle, guid, name, key);
  }

  /** Deletes a group; its devices stay, and are in none. */
  public CompletionStage<Boolean> delete(String guid) {
    return changed(
        guid,
        handle -> {
          DeviceGroupTable.delete(handle, guid);
          AccessRuleTable.endAll(
              handle,
              parts.organization(),
              AccessRuleTable.Kind.DEVICE_GROUP,
              guid,
              "deleted with the group",
              parts.now());
        });
  }

  /** Deletes the group of a name. */
  public CompletionStage<Boolean> deleteByName(String name) {
    return parts
        .call(handle ->
            DeviceGroupTable.find(handle, parts.organization(), AccountText.key(name))
                .orElseThrow(() -> DeviceRefusal.unknown("there is no device group " + name)))
        .thenCompose(this::delete);
  }

  /** Puts devices into a group, by their ids: all of them or none. */
  public CompletionStage<Boolean> add(String guid, List<String> ids) {
    return changed(
        guid,
        handle -> {
          requireFew(ids);
          Set<String> unknown = new HashSet<>(ids);
          if (!ids.isEmpty()) {
            DeviceGroupTable.known(handle, parts.organization(), ids).forEach(unknown::remove);
          }
          if (!unknown.isEmpty()) {
            throw DeviceRefusal.unknown("there is no device " + unknown.iterator().next());
          }
          if (!ids.isEmpty()) {
            DeviceGroupTable.add(handle, parts.organization(), guid, ids, parts.now());
          }
        });
  }

  /** Takes devices out of a group, by their ids; those that are not in it are passed over. */
  public CompletionStage<Boolean> remove(String guid, List<String> ids) {
    return changed(
        guid,
        handle -> {
          requireFew(ids);
          if (!ids.isEmpty()) {
            DeviceGroupTable.remove(handle, parts.organization(), guid, ids, parts.now());
          }
        });
  }

  private CompletionStage<Boolean> changed(String guid, Consumer<Handle> change) {
    return parts.call(handle -> {
      if (!DeviceGroupTable.exists(handle, parts.organization(), guid)) {
        throw DeviceRefusal.unknown("there is no such device group");
      }
      change.accept(handle);
      AccessEpoch.advance(handle, parts.organization());
      return true;
    });
  }

  private static void requireFew(List<String> ids) {
    if (ids.size() > MOST_DEVICES) {
      throw DeviceRefusal.invalid("write " + MOST_DEVICES + " devices at most");
    }
  }

  private static void require(Optional<String> fault) {
    fault.ifPresent(line -> {
      throw DeviceRefusal.invalid(line);
    });
  }

  private static DeviceRefusal taken(String name) {
    return new DeviceRefusal(Kind.CONFLICT, "the name " + name + " is taken");
  }
}
