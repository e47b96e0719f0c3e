package dev.rallypoint.account;

import dev.rallypoint.policy.account.Scopes;
import dev.rallypoint.policy.account.Scopes.Area;

/**
 * Who makes a request of the management API: a program by a token of its own, or an administrator.
 */
public sealed interface Caller {
  /** The guid of the organization; everything that is seen and changed is in it. */
  String org();

  /** The administrator's guid; empty for a program. */
  String guid();

  /** The name of the token or of the administrator, for logs. */
  String name();

  /** Whether an area may be read, or be written too. */
  boolean may(Area area, boolean toWrite);

  /** A program. */
  record Program(String org, String name, Scopes scopes) implements Caller {
    @Override
    public String guid() {
      return "";
    }

    @Override
    public boolean may(Area area, boolean toWrite) {
      return scopes.allows(area, toWrite);
    }
  }

  /** A user with a client's token; administrators may do all, others nothing. */
  record Person(Principal principal) implements Caller {
    @Override
    public String org() {
      return principal.org();
    }

    @Override
    public String guid() {
      return principal.guid();
    }

    @Override
    public String name() {
      return principal.user().name();
    }

    @Override
    public boolean may(Area area, boolean toWrite) {
      return principal.isAdmin();
    }
  }
}
