package dev.rallypoint.policy.access;

import dev.rallypoint.config.AccessMode;
import dev.rallypoint.policy.access.Controller.LoggedIn;
import dev.rallypoint.policy.access.Controller.Stranger;
import dev.rallypoint.policy.access.Verdict.Reason;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may control a device. Who may not is told of the device's state nothing: whether it
 * is there, disabled or assigned.
 */
public final class AccessPolicy {
  private final Question asked;
  private final List<String> chain = new ArrayList<>();

  /**
   * What is decided by.
   *
   * @param from the controlling client's address
   * @param grant a "switch sides" that the client has the code of
   */
  public record Question(
      AccessMode mode,
      AccessRules rules,
      Controller controller,
      PeerAddress from,
      Target target,
      Optional<Grant> grant) {}

  /**
   * The device's user lets whoever has the code control it.
   *
   * @param isForTarget whether it is for the device that is asked for
   * @param until milliseconds since 1970
   */
  public record Grant(boolean isForTarget, long until) {}

  private AccessPolicy(Question asked) {
    this.asked = asked;
  }

  /**
   * The verdict.
   *
   * @param now milliseconds since 1970
   */
  public static Verdict judge(Question asked, long now) {
    return new AccessPolicy(asked).judge(now);
  }

  /**
   * Why a controller is refused whatever device is asked for; empty where that depends on it.
   *
   * @param hasCode whether the client has the code of a "switch sides", good or not
   */
  public static Optional<Verdict> refusal(
      AccessMode mode,
      AccessRules rules,
      Controller controller,
      PeerAddress from,
      boolean hasCode) {
    return new AccessPolicy(
            new Question(mode, rules, controller, from, Target.UNKNOWN, Optional.empty()))
        .controllerRefused()
        .or(() ->
            controller instanceof Stranger && mode != AccessMode.OPEN && !hasCode
                ? Optional.of(
                    Verdict.of(Reason.NOT_LOGGED_IN, "not logged in", "the mode takes a login"))
                : Optional.empty());
  }

  private Verdict judge(long now) {
    Optional<Verdict> refused = controllerRefused();
    if (refused.isPresent()) {
      return refused.get();
    }
    Verdict access = access(now);
    return access.isAllowed() ? state(access) : access;
  }

  private Optional<Verdict> controllerRefused() {
    return switch (asked.controller) {
      case Stranger(boolean hasEndedToken) when hasEndedToken && asked.mode != AccessMode.OPEN ->
          refused(Reason.LOGIN_ENDED, "the token is not known, or not any more");
      case Stranger stranger -> {
        note("not logged in");
        yield network();
      }
      case LoggedIn user -> {
        note("logged in as " + user.name());
        if (!asked.rules.isEnabled()) {
          yield refused(Reason.ORGANIZATION_DISABLED, "the organization is disabled");
        }
        yield user.isEnabled() ? network() : refused(Reason.USER_DISABLED, "the user is disabled");
      }
    };
  }

  private Optional<Verdict> network() {
    return asked.rules.allows(asked.from)
        ? Optional.empty()
        : refused(Reason.NETWORK, "a rule forbids the network of " + asked.from.ip());
  }

  private Verdict access(long now) {
    Optional<AccessPolicy.Grant> grant =
        asked.grant.filter(given -> given.isForTarget && given.until > now);
    if (grant.isPresent()) {
      return allowed(Reason.SWITCH_GRANT, "the device's user switched sides");
    }
    return switch (asked.controller) {
      case Stranger stranger -> ofStranger();
      case LoggedIn user -> ofUser(user);
    };
  }

  private Verdict ofStranger() {
    if (asked.mode != AccessMode.OPEN) {
      return end(Reason.NOT_LOGGED_IN, "the mode takes a login");
    }
    return asked.target.owner().isPresent()
        ? end(Reason.NOT_LOGGED_IN, "the device is assigned to a user")
        : allowed(Reason.UNASSIGNED, "the device is assigned to nobody");
  }

  private Verdict ofUser(LoggedIn user) {
    Target target = asked.target;
    if (user.isAdmin()) {
      return allowed(Reason.ADMINISTRATOR, "an administrator");
    }
    if (target.owner().filter(owner -> owner.user().equals(user.user())).isPresent()) {
      return allowed(Reason.OWNER, "the device is assigned to the user");
    }
    boolean isSameGroup =
        target.owner().filter(owner -> owner.group().equals(user.group())).isPresent();
    if (isSameGroup && asked.rules.isOpen(user.group())) {
      return allowed(Reason.SAME_GROUP, "the device is of a user of the same group");
    }
    if (asked.rules.isByRule(user, target)) {
      return allowed(Reason.RULE, "a rule allows it");
    }
    if (target.owner().isEmpty()) {
      return asked.mode == AccessMode.STRICT
          ? end(Reason.UNASSIGNED_DEVICE, "the device is assigned to nobody, and no rule allows it")
          : allowed(Reason.UNASSIGNED, "the device is assigned to nobody");
    }
    return end(Reason.NO_RULE, "the device is another user's, and no rule allows it");
  }

  /** Only those who have access are told of it. */
  private Verdict state(Verdict access) {
    if (!asked.target.isEnabled()) {
      return end(Reason.DEVICE_DISABLED, "the device is disabled");
    }
    return asked.target.isApproved()
        ? access
        : end(Reason.DEVICE_UNAPPROVED, "the device waits for approval");
  }

  private Verdict allowed(Reason reason, String line) {
    note(line);
    return new Verdict(reason, chain, asked.rules.permissions(asked.controller));
  }

  private Verdict end(Reason reason, String line) {
    note(line);
    return new Verdict(reason, chain, 0);
  }

  private Optional<Verdict> refused(Reason reason, String line) {
    return Optional.of(end(reason, line));
  }

  private void note(String line) {
    chain.add(line);
  }

  /** What a user who is no administrator reaches: the devices that {@link #judge} allows him. */
  public static Reach reach(AccessRules rules, LoggedIn user) {
    Reach own =
        new Reach(
            Set.of(user.user()),
            rules.isOpen(user.group()) ? Set.of(user.group()) : Set.of(),
            Set.of(),
            Set.of());
    return own.or(rules.byRule(user));
  }

  /** What a controller reaches by a login; empty for an administrator, who reaches everything. */
  public static Optional<Reach> reachOf(AccessRules rules, Controller controller) {
    return switch (controller) {
      case Stranger stranger -> Optional.of(Reach.NOTHING);
      case LoggedIn user -> user.isAdmin() ? Optional.empty() : Optional.of(reach(rules, user));
    };
  }
}
