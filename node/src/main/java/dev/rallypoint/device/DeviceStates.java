package dev.rallypoint.device;

/** Which devices administrators let register, be reached and reach others. From memory. */
public interface DeviceStates {
  /** What a device may do. */
  enum State {
    /** All. */
    ADMITTED,
    /** Nothing: an administrator disabled it. */
    DISABLED,
    /** Nothing yet: it waits for an administrator, or is to be deployed. */
    WAITING
  }

  /** The state of the device of an id, not older than a second or so. */
  State of(String id);
}
