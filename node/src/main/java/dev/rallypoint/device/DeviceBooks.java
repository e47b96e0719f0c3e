package dev.rallypoint.device;

import org.jdbi.v3.core.Handle;

/** Puts devices into shared address books, as administrators and presets have it. */
public interface DeviceBooks {
  /** A server without address books. */
  DeviceBooks NONE =
      (handle, org, id, entry) -> {
        throw DeviceRefusal.invalid("This server has no address books");
      };

  /**
   * What is put into a book; all but the book's name may be empty.
   *
   * @param book the name of a shared book
   */
  record Entry(String book, String tag, String alias, String password, String note) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Entry[" + book + "]";
    }
  }

  /**
   * Adds a device to a book, or changes what the book has of it, in the transaction of the handle.
   *
   * @throws DeviceRefusal when there is no such book, or the entry breaks a rule
   */
  void put(Handle handle, String org, String id, Entry entry);
}
