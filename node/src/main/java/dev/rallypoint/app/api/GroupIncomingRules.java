package dev.rallypoint.app.api;

import dev.rallypoint.account.Secrets;
import dev.rallypoint.device.DeviceRefusal;
import dev.rallypoint.device.IncomingRules;
import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.access.AccessRuleTable.Kind;
import dev.rallypoint.time.WallClock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The access rules from users and user groups to a device group.
 *
 * @param secrets makes the guids of new rules
 */
record GroupIncomingRules(Secrets secrets, WallClock clock) implements IncomingRules {
  private static final Map<Integer, Kind> KINDS = Map.of(0, Kind.USER_GROUP, 2, Kind.USER);
  private static final String BY = "management API";

  @Override
  public List<Rule> of(Handle handle, String org, String group) {
    return AccessRuleTable.to(handle, org, Kind.DEVICE_GROUP, group).stream()
        .filter(from -> from.kind() == Kind.USER || from.kind() == Kind.USER_GROUP)
        .map(from -> new Rule(from.kind() == Kind.USER ? 2 : 0, from.name()))
        .toList();
  }

  @Override
  public void replace(Handle handle, String org, String group, List<Rule> rules) {
    long now = clock.micros() / 1_000;
    List<AccessRules.Rule> wanted =
        rules.stream().map(rule -> rule(handle, org, group, rule)).toList();
    Stream.of(Kind.USER, Kind.USER_GROUP)
        .map(kind -> to(kind, "", group))
        .forEach(side -> AccessRuleTable.endSide(handle, org, side, false, BY, now));
    wanted.forEach(rule -> AccessRuleTable.insert(handle, org, secrets.guid(now), rule, BY, now));
  }

  private static AccessRules.Rule rule(Handle handle, String org, String group, Rule rule) {
    Kind kind = KINDS.get(rule.type());
    if (kind == null) {
      throw DeviceRefusal.invalid("a rule is of type 0 for a user group or 2 for a user");
    }
    return to(
        kind,
        AccessRuleTable.guid(handle, org, kind, AccountText.key(rule.name()))
            .orElseThrow(() -> DeviceRefusal.invalid("there is none named " + rule.name())),
        group);
  }

  private static AccessRules.Rule to(Kind kind, String from, String group) {
    return new AccessRules.Rule(kind.text(), from, Kind.DEVICE_GROUP.text(), group);
  }
}
