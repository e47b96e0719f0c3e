package dev.rallypoint.device;

import java.util.Optional;

/**
 * What a device asks for, by a client that was configured so, while it is assigned to nobody; each
 * may be empty.
 *
 * @param user the name of its user
 * @param group the name of its device group
 * @param strategy the name of its strategy
 * @param name a name for it
 * @param username a name for who uses it
 * @param note a note
 * @param book an entry in an address book
 */
public record Presets(
    String user,
    String group,
    String strategy,
    String name,
    String username,
    String note,
    Optional<DeviceBooks.Entry> book) {
  /** Nothing. */
  public static final Presets NONE = new Presets("", "", "", "", "", "", Optional.empty());
}
