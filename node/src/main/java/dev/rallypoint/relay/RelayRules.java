package dev.rallypoint.relay;

import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;

/**
 * What an operator may change while the relay runs. The console is the one writer; readers see each
 * value as a whole.
 */
final class RelayRules {
  private volatile SpeedLimits speeds;
  private volatile AddressList blacklist;
  private volatile AddressList blocklist;

  RelayRules(SpeedLimits speeds, AddressList blacklist, AddressList blocklist) {
    this.speeds = speeds;
    this.blacklist = blacklist;
    this.blocklist = blocklist;
  }

  SpeedLimits speeds() {
    return speeds;
  }

  /** Hosts whose sessions get the limited speed. */
  AddressList blacklist() {
    return blacklist;
  }

  /** Hosts that are not served. */
  AddressList blocklist() {
    return blocklist;
  }

  void speeds(SpeedLimits changed) {
    speeds = changed;
  }

  void blacklist(AddressList changed) {
    blacklist = changed;
  }

  void blocklist(AddressList changed) {
    blocklist = changed;
  }
}
