package dev.rallypoint.app.api;

import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.book.AddressBooks;
import dev.rallypoint.device.DeviceBooks;
import dev.rallypoint.device.DeviceRefusal;
import dev.rallypoint.policy.book.Preset;
import org.jdbi.v3.core.Handle;

/**
 * Puts devices into shared address books.
 *
 * @param books of this server
 */
record BookPresets(AddressBooks books) implements DeviceBooks {
  @Override
  public void put(Handle handle, String org, String id, Entry entry) {
    boolean isThere;
    try {
      isThere =
          books.preset(
              handle,
              org,
              id,
              new Preset(entry.book(), entry.tag(), entry.alias(), entry.password(), entry.note()));
    } catch (AccountRefusal refusal) {
      throw DeviceRefusal.invalid(String.valueOf(refusal.getMessage()));
    }
    if (!isThere) {
      throw DeviceRefusal.invalid("there is no shared address book " + entry.book());
    }
  }
}
