package dev.rallypoint.policy.access;

import java.util.HashSet;
import java.util.Set;

/**
 * The devices that somebody may control, in the terms of rules. Each set has guids.
 *
 * @param users whose devices
 * @param userGroups whose users' devices
 * @param deviceGroups whose devices
 * @param devices by themselves
 */
public record Reach(
    Set<String> users, Set<String> userGroups, Set<String> deviceGroups, Set<String> devices) {
  /** No device. */
  public static final Reach NOTHING = new Reach(Set.of(), Set.of(), Set.of(), Set.of());

  public Reach {
    users = Set.copyOf(users);
    userGroups = Set.copyOf(userGroups);
    deviceGroups = Set.copyOf(deviceGroups);
    devices = Set.copyOf(devices);
  }

  /** Whether a device is among them. */
  public boolean contains(Target target) {
    return target
            .owner()
            .filter(owner -> users.contains(owner.user()) || userGroups.contains(owner.group()))
            .isPresent()
        || target.group().filter(deviceGroups::contains).isPresent()
        || devices.contains(target.device());
  }

  /** These and those. */
  public Reach or(Reach other) {
    if (equals(NOTHING)) {
      return other;
    }
    return other.equals(NOTHING)
        ? this
        : new Reach(
            union(users, other.users),
            union(userGroups, other.userGroups),
            union(deviceGroups, other.deviceGroups),
            union(devices, other.devices));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }
}
