package dev.rallypoint.relay.loop;

import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;

/**
 * What an operator may change while the relay runs. The rules of the cluster are the one writer;
 * readers see each value as a whole.
 */
public final class RelayRules {
  private volatile SpeedLimits speeds;
  private volatile AddressList blacklist;
  private volatile AddressList blocklist;

  public RelayRules(SpeedLimits speeds, AddressList blacklist, AddressList blocklist) {
    this.speeds = speeds;
    this.blacklist = blacklist;
    this.blocklist = blocklist;
  }

  public SpeedLimits speeds() {
    return speeds;
  }

  /** Hosts whose sessions get the limited speed. */
  public AddressList blacklist() {
    return blacklist;
  }

  /** Hosts that are not served. */
  public AddressList blocklist() {
    return blocklist;
  }

  public void speeds(SpeedLimits changed) {
    speeds = changed;
  }

  public void blacklist(AddressList changed) {
    blacklist = changed;
  }

  public void blocklist(AddressList changed) {
    blocklist = changed;
  }
}
