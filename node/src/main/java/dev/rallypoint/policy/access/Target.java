package dev.rallypoint.policy.access;

import java.util.Optional;

/**
 * The device that is to be controlled.
 *
 * @param device its guid, or empty for one that no row is kept of
 * @param isEnabled whether it may be controlled at all
 * @param isApproved whether an administrator has let it in
 * @param owner whose it is; empty for one that is assigned to nobody
 * @param group the guid of its device group
 */
public record Target(
    String device,
    boolean isEnabled,
    boolean isApproved,
    Optional<Owner> owner,
    Optional<String> group) {
  /** A device that nothing is known of, or an id that nobody has. */
  public static final Target UNKNOWN =
      new Target("", true, true, Optional.empty(), Optional.empty());

  /**
   * The user whom a device is assigned to.
   *
   * @param user his guid
   * @param group the guid of his group
   */
  public record Owner(String user, String group) {}
}
