package dev.rallypoint.policy.access;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What decides about access beside the user and the device: all of an organization, as of one
 * moment.
 *
 * @param isEnabled whether the organization is
 * @param isOfUse whether there is anything that the mode {@code open} decides by: an assigned
 *     device, one that is kept out, a network rule, or permissions of those not logged in
 * @param closedGroups the guids of the user groups whose users do not reach each other's devices
 * @param everyone what every user reaches
 * @param ofUser what single users reach, by their guids
 * @param ofGroup what the users of a group reach, by its guid
 * @param networks the rules for addresses in their order
 * @param roles the control roles that are enabled, by their guids
 */
public record AccessRules(
    boolean isEnabled,
    boolean isOfUse,
    Set<String> closedGroups,
    Reach everyone,
    Map<String, Reach> ofUser,
    Map<String, Reach> ofGroup,
    List<NetworkRule> networks,
    Roles roles) {
  /** Nothing is decided. */
  public static final AccessRules NONE =
      new AccessRules(
          true,
          false,
          Set.of(),
          Reach.NOTHING,
          Map.of(),
          Map.of(),
          List.of(),
          new Roles(0, 0, Map.of()));

  public AccessRules {
    closedGroups = Set.copyOf(closedGroups);
    ofUser = Map.copyOf(ofUser);
    ofGroup = Map.copyOf(ofGroup);
    networks = List.copyOf(networks);
  }

  /** Whether clients of a network may control devices. */
  public record NetworkRule(Cidr network, boolean isAllowed) {}

  /**
   * The permissions of control roles, 2 bits for each as on the wire.
   *
   * @param usual of users without a role of their own
   * @param notLogged of those who are not logged in
   * @param byGuid of the others
   */
  public record Roles(long usual, long notLogged, Map<String, Long> byGuid) {
    public Roles {
      byGuid = Map.copyOf(byGuid);
    }
  }

  /**
   * A rule.
   *
   * @param fromKind {@code user}, {@code user_group} or {@code everyone}
   * @param toKind {@code user}, {@code user_group}, {@code device_group} or {@code device}
   */
  public record Rule(String fromKind, String from, String toKind, String to) {}

  /** What these rules let each user of each group reach. */
  public static AccessRules of(
      boolean isEnabled,
      boolean isOfUse,
      Set<String> closedGroups,
      List<Rule> rules,
      List<NetworkRule> networks,
      Roles roles) {
    Map<String, Collected> users = new HashMap<>();
    Map<String, Collected> groups = new HashMap<>();
    Collected everyone = new Collected();
    for (Rule rule : rules) {
      Collected from =
          switch (rule.fromKind()) {
            case "user" -> users.computeIfAbsent(rule.from(), guid -> new Collected());
            case "user_group" -> groups.computeIfAbsent(rule.from(), guid -> new Collected());
            default -> everyone;
          };
      from.add(rule);
    }
    return new AccessRules(
        isEnabled,
        isOfUse || !networks.isEmpty() || roles.notLogged() != 0,
        closedGroups,
        everyone.reach(),
        reaches(users),
        reaches(groups),
        networks,
        roles);
  }

  private static Map<String, Reach> reaches(Map<String, Collected> collected) {
    Map<String, Reach> reaches = new HashMap<>();
    collected.forEach((guid, one) -> reaches.put(guid, one.reach()));
    return reaches;
  }

  private static final class Collected {
    private final Map<String, Set<String>> byKind = new HashMap<>();

    void add(Rule rule) {
      byKind.computeIfAbsent(rule.toKind(), kind -> new HashSet<>()).add(rule.to());
    }

    Reach reach() {
      return new Reach(of("user"), of("user_group"), of("device_group"), of("device"));
    }

    private Set<String> of(String kind) {
      return byKind.getOrDefault(kind, Set.of());
    }
  }

  /** Whether a client of this address may control anything. */
  boolean allows(PeerAddress from) {
    if (networks.isEmpty()) {
      return true;
    }
    byte[] ip = from.ipBytes();
    return networks.stream()
        .filter(rule -> rule.network().contains(ip))
        .findFirst()
        .map(NetworkRule::isAllowed)
        .orElse(true);
  }

  /** Whether users of a group reach each other's devices. */
  public boolean isOpen(String group) {
    return !closedGroups.contains(group);
  }

  /** What a user reaches by rules. */
  Reach byRule(Controller.LoggedIn user) {
    return everyone
        .or(ofUser.getOrDefault(user.user(), Reach.NOTHING))
        .or(ofGroup.getOrDefault(user.group(), Reach.NOTHING));
  }

  /** Whether a user reaches a device by a rule. */
  boolean isByRule(Controller.LoggedIn user, Target target) {
    return everyone.contains(target)
        || ofUser.getOrDefault(user.user(), Reach.NOTHING).contains(target)
        || ofGroup.getOrDefault(user.group(), Reach.NOTHING).contains(target);
  }

  /** The permissions that a controller has in sessions. */
  long permissions(Controller controller) {
    return switch (controller) {
      case Controller.Stranger stranger -> roles.notLogged();
      case Controller.LoggedIn user ->
          user.role()
              .flatMap(guid -> Optional.ofNullable(roles.byGuid().get(guid)))
              .orElse(roles.usual());
    };
  }
}
