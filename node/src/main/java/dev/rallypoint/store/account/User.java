package dev.rallypoint.store.account;

import java.util.Optional;

/**
 * A user.
 *
 * @param guid 36 characters
 * @param org the guid of the organization
 * @param name what the user logs in with
 * @param isEnabled whether the user may log in
 * @param isAdmin whether the user may administer the organization
 * @param group the name of the user's group
 */
public record User(
    String guid,
    String org,
    String name,
    Profile profile,
    boolean isEnabled,
    boolean isAdmin,
    String group,
    Credentials credentials) {

  /**
   * What others see of a user; each may be empty.
   *
   * @param note for administrators and the user
   */
  public record Profile(String displayName, String email, String note) {
    /** Nothing. */
    public static final Profile EMPTY = new Profile("", "", "");
  }

  /**
   * What a user proves himself with.
   *
   * @param passwordHash in PHC's form, or empty where no password was set
   * @param totp the sealed secret of the second factor, or empty without one
   * @param isTotpRequired whether the user may only log in with a second factor
   */
  public record Credentials(
      Optional<String> passwordHash, Optional<String> totp, boolean isTotpRequired) {
    /** Without the hash and the secret. */
    @Override
    public String toString() {
      return "Credentials[hasPassword=%s, hasTotp=%s]"
          .formatted(passwordHash.isPresent(), totp.isPresent());
    }
  }

  /**
   * A user with what a list of them shows.
   *
   * @param lastLoginAt milliseconds since 1970, or empty for never
   * @param tokens how many clients are logged in
   */
  public record Listed(User user, Optional<Long> lastLoginAt, int tokens) {}
}
