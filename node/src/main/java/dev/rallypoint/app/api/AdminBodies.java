package dev.rallypoint.app.api;

import dev.rallypoint.account.Accounts.NewUser;
import dev.rallypoint.store.account.User.Profile;
import java.util.Optional;

/** What operators tell of accounts. */
final class AdminBodies {
  private AdminBodies() {}

  /** A user to be made. */
  record UserToMake(
      Optional<String> name,
      Optional<String> password,
      Optional<String> displayName,
      Optional<String> email,
      Optional<String> note,
      Optional<String> group,
      Optional<Boolean> admin) {
    NewUser user() {
      return new NewUser(
          name.orElse(""),
          new Profile(displayName.orElse(""), email.orElse(""), note.orElse("")),
          admin.orElse(false),
          group.orElse(""));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "UserToMake[" + name + "]";
    }
  }

  /** What is changed of a user; one of them. */
  record UserChange(
      Optional<String> password,
      Optional<Boolean> enabled,
      Optional<Boolean> admin,
      Optional<String> group,
      Optional<Boolean> totpRequired) {
    /** In words, without the password. */
    String detail() {
      return password
          .map(secret -> "another password")
          .or(() -> admin.map(isAdmin -> isAdmin ? "an administrator" : "an ordinary user"))
          .or(() -> group.map(name -> "to the group " + name))
          .or(() ->
              totpRequired.map(
                  must -> must ? "second factor required" : "no second factor required"))
          .orElse("");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "UserChange";
    }
  }

  /** Who is invited. */
  record ToInvite(Optional<String> name, Optional<String> email, Optional<String> group) {}

  /** A group to be made. */
  record GroupToMake(Optional<String> name, Optional<String> note) {}
}
