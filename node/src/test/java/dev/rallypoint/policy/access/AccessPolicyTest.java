package dev.rallypoint.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.AccessMode;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.access.AccessPolicy.Grant;
import dev.rallypoint.policy.access.AccessPolicy.Question;
import dev.rallypoint.policy.access.AccessRules.NetworkRule;
import dev.rallypoint.policy.access.AccessRules.Roles;
import dev.rallypoint.policy.access.AccessRules.Rule;
import dev.rallypoint.policy.access.Controller.LoggedIn;
import dev.rallypoint.policy.access.Controller.Stranger;
import dev.rallypoint.policy.access.Verdict.Reason;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decision, case by case. */
class AccessPolicyTest {
  private static final long NOW = 1_000_000;
  private static final PeerAddress HERE = PeerAddress.v4(0xC0000207, 1000);

  private static final List<Rule> RULES =
      List.of(
          new Rule("user", "ruled-user", "user", "owner"),
          new Rule("user_group", "ruled-group", "user_group", "owners"),
          new Rule("user", "to-kiosks", "device_group", "kiosks"),
          new Rule("user", "to-device", "device", "free-device"),
          new Rule("everyone", "", "device_group", "public"));

  private static Controller controller(String name) {
    return switch (name) {
      case "stranger" -> Stranger.PLAIN;
      case "ended" -> Stranger.ENDED;
      case "admin" -> user("admin", "admins", true, true);
      case "disabled" -> user("disabled", "others", false, false);
      case "colleague" -> user("colleague", "owners", true, false);
      case "closed-colleague" -> user("closed-colleague", "closed", true, false);
      case "member" -> user("member", "ruled-group", true, false);
      default -> user(name, "others", true, false);
    };
  }

  private static LoggedIn user(String name, String group, boolean isEnabled, boolean isAdmin) {
    return new LoggedIn("token", name, name, group, isEnabled, isAdmin, Optional.empty());
  }

  private static Target target(String name) {
    return switch (name) {
      case "unknown" -> Target.UNKNOWN;
      case "free" -> device("free-device", "", "", "");
      case "owned" -> device("owned-device", "owner", "owners", "");
      case "of-closed" -> device("closed-device", "closed-owner", "closed", "");
      case "kiosk" -> device("kiosk-device", "", "", "kiosks");
      case "public" -> device("public-device", "owner", "owners", "public");
      case "off" -> new Target("off", false, true, owner("owner", "owners"), Optional.empty());
      case "new" -> new Target("new", true, false, owner("owner", "owners"), Optional.empty());
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Optional<Target.Owner> owner(String user, String group) {
    return user.isEmpty() ? Optional.empty() : Optional.of(new Target.Owner(user, group));
  }

  private static Target device(String guid, String owner, String group, String deviceGroup) {
    return new Target(
        guid,
        true,
        true,
        owner(owner, group),
        Optional.of(deviceGroup).filter(text -> !text.isEmpty()));
  }

  private static AccessRules rules(boolean isEnabled, List<NetworkRule> networks) {
    return AccessRules.of(
        isEnabled, true, Set.of("closed"), RULES, networks, new Roles(2, 1, Map.of("role", 8L)));
  }

  private static Verdict judge(
      AccessMode mode, AccessRules rules, Controller who, Target target, Optional<Grant> grant) {
    return AccessPolicy.judge(new Question(mode, rules, who, HERE, target, grant), NOW);
  }

  @ParameterizedTest
  @CsvSource({
    // mode, who, target, reason
    "OPEN,   stranger,         unknown,   UNASSIGNED",
    "OPEN,   stranger,         free,      UNASSIGNED",
    "OPEN,   stranger,         owned,     NOT_LOGGED_IN",
    "OPEN,   stranger,         off,       NOT_LOGGED_IN",
    "OPEN,   ended,            free,      UNASSIGNED",
    "OPEN,   ended,            owned,     NOT_LOGGED_IN",
    "OPEN,   somebody,         free,      UNASSIGNED",
    "OPEN,   somebody,         owned,     NO_RULE",
    "OPEN,   somebody,         off,       NO_RULE",
    "OPEN,   somebody,         new,       NO_RULE",
    "OPEN,   owner,            owned,     OWNER",
    "OPEN,   owner,            off,       DEVICE_DISABLED",
    "OPEN,   owner,            new,       DEVICE_UNAPPROVED",
    "OPEN,   admin,            owned,     ADMINISTRATOR",
    "OPEN,   admin,            off,       DEVICE_DISABLED",
    "OPEN,   disabled,         free,      USER_DISABLED",
    "LOGIN,  stranger,         free,      NOT_LOGGED_IN",
    "LOGIN,  stranger,         unknown,   NOT_LOGGED_IN",
    "LOGIN,  ended,            free,      LOGIN_ENDED",
    "LOGIN,  somebody,         free,      UNASSIGNED",
    "LOGIN,  somebody,         unknown,   UNASSIGNED",
    "LOGIN,  somebody,         owned,     NO_RULE",
    "LOGIN,  disabled,         free,      USER_DISABLED",
    "LOGIN,  colleague,        owned,     SAME_GROUP",
    "LOGIN,  closed-colleague, of-closed, NO_RULE",
    "LOGIN,  ruled-user,       owned,     RULE",
    "LOGIN,  member,           owned,     RULE",
    "LOGIN,  somebody,         public,    RULE",
    "STRICT, stranger,         owned,     NOT_LOGGED_IN",
    "STRICT, ended,            owned,     LOGIN_ENDED",
    "STRICT, somebody,         free,      UNASSIGNED_DEVICE",
    "STRICT, somebody,         unknown,   UNASSIGNED_DEVICE",
    "STRICT, to-device,        free,      RULE",
    "STRICT, to-kiosks,        kiosk,     RULE",
    "STRICT, somebody,         kiosk,     UNASSIGNED_DEVICE",
    "STRICT, owner,            owned,     OWNER",
    "STRICT, admin,            free,      ADMINISTRATOR",
    "STRICT, admin,            unknown,   ADMINISTRATOR",
  })
  void decides(AccessMode mode, String who, String target, Reason reason) {
    Verdict verdict =
        judge(mode, rules(true, List.of()), controller(who), target(target), Optional.empty());
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.chain()).isNotEmpty();
    assertThat(verdict.isAllowed() || verdict.text().startsWith("Not allowed")).isTrue();
  }

  @Test
  void tellsWhoHasNoAccessTheSameOfAnUnknownIdAndOfADevice() {
    Verdict unknown =
        judge(
            AccessMode.STRICT,
            rules(true, List.of()),
            controller("somebody"),
            Target.UNKNOWN,
            Optional.empty());
    Verdict owned =
        judge(
            AccessMode.STRICT,
            rules(true, List.of()),
            controller("somebody"),
            target("owned"),
            Optional.empty());
    assertThat(unknown.text())
        .isEqualTo(owned.text())
        .isEqualTo("Not allowed: you have no access to this device");
  }

  @ParameterizedTest
  @CsvSource({"true, 1000001, true", "true, 1000000, false", "false, 1000001, false"})
  void letsInWhoHasAGoodCodeOfTheDevice(boolean isForTarget, long until, boolean isAllowed) {
    Verdict verdict =
        judge(
            AccessMode.STRICT,
            rules(true, List.of()),
            Stranger.PLAIN,
            target("owned"),
            Optional.of(new Grant(isForTarget, until)));
    assertThat(verdict.isAllowed()).isEqualTo(isAllowed);
  }

  @Test
  void refusesUsersOfADisabledOrganization() {
    Verdict verdict =
        judge(
            AccessMode.OPEN,
            rules(false, List.of()),
            controller("admin"),
            target("free"),
            Optional.empty());
    assertThat(verdict.reason()).isEqualTo(Reason.ORGANIZATION_DISABLED);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, false, 0.0.0.0/0, true, false",
    "192.0.2.7, true, 0.0.0.0/0, false, true",
    "198.51.100.0/24, true, 0.0.0.0/0, false, false",
    "198.51.100.0/24, false, 203.0.113.0/24, false, true",
  })
  void takesTheFirstRuleOfTheNetwork(
      String first, boolean isFirst, String second, boolean isSecond, boolean isAllowed) {
    AccessRules rules =
        rules(
            true,
            List.of(
                new NetworkRule(Cidr.parse("network", first), isFirst),
                new NetworkRule(Cidr.parse("network", second), isSecond)));
    Verdict verdict =
        judge(AccessMode.OPEN, rules, controller("admin"), target("owned"), Optional.empty());
    assertThat(verdict.isAllowed()).isEqualTo(isAllowed);
  }

  @ParameterizedTest
  @CsvSource({"stranger, '', 1", "admin, '', 2", "admin, role, 8", "admin, gone, 2"})
  void givesTheRoleOfTheController(String who, String role, long permissions) {
    Controller controller = controller(who);
    if (controller instanceof LoggedIn user && !role.isEmpty()) {
      controller =
          new LoggedIn("token", user.user(), who, user.group(), true, true, Optional.of(role));
    }
    Verdict verdict =
        judge(
            AccessMode.OPEN, rules(true, List.of()), controller, target("free"), Optional.empty());
    assertThat(verdict.permissions()).isEqualTo(permissions);
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, false, false",
    "LOGIN, false, true",
    "STRICT, false, true",
    "LOGIN, true, false"
  })
  void refusesStrangersBeforeTheDeviceIsLookedAt(
      AccessMode mode, boolean hasCode, boolean isRefused) {
    assertThat(AccessPolicy.refusal(mode, rules(true, List.of()), Stranger.PLAIN, HERE, hasCode))
        .matches(refusal -> refusal.isPresent() == isRefused);
  }

  @ParameterizedTest
  @CsvSource({
    "owner",
    "colleague",
    "closed-colleague",
    "ruled-user",
    "member",
    "to-kiosks",
    "to-device",
    "somebody"
  })
  void reachesWhatItIsAllowedInStrictMode(String who) {
    AccessRules rules = rules(true, List.of());
    LoggedIn user = (LoggedIn) controller(who);
    for (String name : List.of("unknown", "free", "owned", "of-closed", "kiosk", "public")) {
      Target target = target(name);
      assertThat(AccessPolicy.reach(rules, user).contains(target))
          .as(name)
          .isEqualTo(judge(AccessMode.STRICT, rules, user, target, Optional.empty()).isAllowed());
    }
  }
}
