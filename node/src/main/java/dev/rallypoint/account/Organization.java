package dev.rallypoint.account;

/** The organizations that accounts belong to. There is one so far. */
public final class Organization {
  /** The one that is there from the start. */
  public static final String DEFAULT = "00000000-0000-7000-8000-000000000001";

  /** The user group that is there from the start. */
  public static final String DEFAULT_GROUP = "Default";

  private Organization() {}
}
