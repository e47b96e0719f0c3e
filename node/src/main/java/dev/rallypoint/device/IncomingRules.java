package dev.rallypoint.device;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Keeps who may reach the devices of a device group. */
public interface IncomingRules {
  /**
   * Who may reach them.
   *
   * @param type 0 for the users of a user group, 2 for one user
   * @param name of the group or user
   */
  record Rule(int type, String name) {}

  /** The rules of a group. */
  List<Rule> of(Handle handle, String org, String group);

  /**
   * Replaces the rules of a group, in the transaction of the handle.
   *
   * @throws DeviceRefusal when there is no such user or group
   */
  void replace(Handle handle, String org, String group, List<Rule> rules);
}
