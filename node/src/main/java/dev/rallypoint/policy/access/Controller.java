package dev.rallypoint.policy.access;

import java.util.Optional;

/** Who wants to control a device. */
public sealed interface Controller {
  /** Nobody who is logged in. */
  record Stranger(boolean hasEndedToken) implements Controller {
    /** Without any token. */
    public static final Stranger PLAIN = new Stranger(false);

    /** With a token that is not known, or not any more. */
    public static final Stranger ENDED = new Stranger(true);
  }

  /**
   * A user by a token.
   *
   * @param token the guid of the log-in
   * @param user the guid of the user
   * @param name of the user
   * @param group the guid of his group
   * @param isEnabled whether he may log in
   * @param role the guid of his control role, where he has one of his own
   */
  record LoggedIn(
      String token,
      String user,
      String name,
      String group,
      boolean isEnabled,
      boolean isAdmin,
      Optional<String> role)
      implements Controller {}
}
