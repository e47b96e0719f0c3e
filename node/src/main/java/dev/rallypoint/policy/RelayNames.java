package dev.rallypoint.policy;

import java.util.Collection;

/** Compares the names of relays, {@code host} or {@code host:port}, as clients and settings do. */
public final class RelayNames {
  /** The longest name that is passed on to a target: a DNS name and a port. */
  public static final int MAX_LENGTH = 260;

  private RelayNames() {}

  /** Whether a name is one of these, in upper or lower case. */
  public static boolean isAmong(String name, Collection<String> names) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }
}
