package dev.rallypoint.account;

import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.User;

/**
 * Who makes a request: a user by a token.
 *
 * @param user enabled, with the rights that the database has now
 * @param tokenGuid tells which of the user's log-ins it is; no secret
 * @param device where the user has logged in
 */
public record Principal(User user, String tokenGuid, Device device) {
  /** The guid of the organization; everything that the user sees and changes is in it. */
  public String org() {
    return user.org();
  }

  /** The user's guid. */
  public String guid() {
    return user.guid();
  }

  /** Whether the user may administer the organization. */
  public boolean isAdmin() {
    return user.isAdmin();
  }
}
