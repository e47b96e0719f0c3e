package dev.rallypoint.store.account;

import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import java.util.Optional;

/**
 * A device as administrators see it. Times are milliseconds since 1970.
 *
 * @param guid 36 characters
 * @param facts what it told of itself, or empty texts
 */
public record ListedDevice(
    String guid, String id, State state, Given given, SystemFacts facts, Contact contact) {

  /**
   * Whether it may register.
   *
   * @param isEnabled whether no administrator disabled it
   * @param isApproved whether it need not wait for an administrator
   * @param clonedAt when a second device of its identity was last seen
   */
  public record State(boolean isEnabled, boolean isApproved, Optional<Long> clonedAt) {}

  /**
   * What administrators gave it; each may be empty.
   *
   * @param user the name of its user
   * @param userGroup the name of that user's group
   * @param group the name of its device group
   * @param username a name for who uses it
   */
  public record Given(
      String user,
      String userGroup,
      String group,
      String strategy,
      String name,
      String username,
      String note) {}

  /**
   * How it was seen.
   *
   * @param ip the one that it came from
   * @param lastOnlineAt to some hours; when it was stored, where it never was
   */
  public record Contact(String ip, long createdAt, long lastOnlineAt) {}
}
