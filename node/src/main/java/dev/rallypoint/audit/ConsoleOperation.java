package dev.rallypoint.audit;

/** What administrators do, with the two numbers that consoles know it by. */
public enum ConsoleOperation {
  /** A user logged in. */
  LOGIN(1, 0),
  /** A group of users or devices was made. */
  ADD_GROUP(0, 1),
  /** A user was made or invited. */
  ADD_USER(1, 2),
  /** A device was added. */
  ADD_DEVICE(2, 3),
  /** A group was deleted. */
  DELETE_GROUP(0, 4),
  /** A connection was ended. */
  DISCONNECT(2, 5),
  /** A user may log in. */
  ENABLE_USER(1, 6),
  /** A user may not log in. */
  DISABLE_USER(1, 7),
  /** A device is served. */
  ENABLE_DEVICE(2, 8),
  /** A device is not served. */
  DISABLE_DEVICE(2, 9),
  /** A group was changed. */
  UPDATE_GROUP(0, 10),
  /** A user was changed. */
  UPDATE_USER(1, 11),
  /** A device, or a strategy of devices, was changed. */
  UPDATE_DEVICE(2, 12),
  /** A user was deleted. */
  DELETE_USER(1, 13),
  /** A device was deleted. */
  DELETE_DEVICE(2, 14),
  /** An address book was made. */
  ADD_BOOK(3, 15),
  /** An address book was deleted. */
  DELETE_BOOK(3, 16),
  /** An address book has another name. */
  RENAME_BOOK(3, 17),
  /** Some of a recycle bin was deleted. */
  DELETE_FROM_BIN(3, 18),
  /** A recycle bin was emptied. */
  EMPTY_BIN(3, 19),
  /** Somebody was let into an address book. */
  ADD_RULE(3, 20),
  /** Somebody was shut out of an address book. */
  DELETE_RULE(3, 21),
  /** Somebody may do other things with an address book. */
  UPDATE_RULE(3, 22);

  private final int typ;
  private final int iop;

  ConsoleOperation(int typ, int iop) {
    this.typ = typ;
    this.iop = iop;
  }

  /** The kind of what was changed: 0 group, 1 user, 2 device, 3 address book. */
  int typ() {
    return typ;
  }

  /** What was done. */
  int iop() {
    return iop;
  }
}
