package dev.rallypoint.device;

import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceListTable;
import dev.rallypoint.store.account.DeviceListTable.Column;
import dev.rallypoint.store.account.ListedDevice;
import dev.rallypoint.store.audit.ChangeTable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What administrators, commands and presets give a device. */
record Assignment(DeviceParts parts, DeviceBooks books) {
  private static final String NOBODY = "-";
  private static final int BOOK_PARTS = 5;

  /** What can be given. */
  enum Kind {
    /** The name of its user. */
    USER_NAME,
    /** The name of its device group. */
    DEVICE_GROUP_NAME,
    /** The name of its strategy. */
    STRATEGY_NAME,
    /** A note. */
    NOTE,
    /** A name for who uses it. */
    DEVICE_USERNAME,
    /** A name for it. */
    DEVICE_NAME,
    /** A place in an address book. */
    AB;

    /** The kind of a word such as {@code user_name}. */
    static Optional<Kind> of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(word))
          .findFirst();
    }
  }

  /**
   * Gives a device something; an empty value or a dash takes it away.
   *
   * @throws DeviceRefusal when there is no such user, group or strategy, or the text breaks a rule
   */
  void give(Handle handle, ListedDevice device, Kind kind, String value) {
    String text = value.strip();
    AccountText.textFault("the value", text)
        .ifPresent(fault -> {
          throw DeviceRefusal.invalid(fault);
        });
    boolean isNothing = text.isEmpty() || text.equals(NOBODY);
    switch (kind) {
      case USER_NAME -> {
        String key = isNothing ? null : AccountText.key(text);
        if (!DeviceListTable.setUser(
            handle, parts.organization(), device.guid(), key, parts.now())) {
          throw DeviceRefusal.unknown("there is no user " + text);
        }
      }
      case DEVICE_GROUP_NAME -> {
        String key = isNothing ? null : AccountText.key(text);
        if (!DeviceListTable.setGroup(
            handle, parts.organization(), device.guid(), key, parts.now())) {
          throw DeviceRefusal.unknown("there is no device group " + text);
        }
      }
      case STRATEGY_NAME -> {
        String key = isNothing ? null : AccountText.key(text);
        if (!DeviceListTable.setStrategy(
            handle, parts.organization(), device.guid(), key, parts.now())) {
          throw DeviceRefusal.unknown("there is no strategy " + text);
        }
      }
      case NOTE -> set(handle, device, Column.NOTE, text);
      case DEVICE_USERNAME -> set(handle, device, Column.GIVEN_USERNAME, text);
      case DEVICE_NAME -> set(handle, device, Column.NAME, text);
      case AB -> books.put(handle, parts.organization(), device.id(), entry(text));
    }
    if (movesStrategy(kind)) {
      ChangeTable.note(handle, ChangeTable.STRATEGY);
    }
  }

  /** A device has the strategy of its user or group where it has none of its own. */
  private static boolean movesStrategy(Kind kind) {
    return kind == Kind.USER_NAME || kind == Kind.DEVICE_GROUP_NAME || kind == Kind.STRATEGY_NAME;
  }

  private void set(Handle handle, ListedDevice device, Column column, String text) {
    DeviceListTable.set(handle, device.guid(), column, text, parts.now());
  }

  /** Reads {@code book[,tag[,alias[,password[,note]]]]}. */
  private static DeviceBooks.Entry entry(String text) {
    String[] words = Arrays.copyOf(text.split(",", BOOK_PARTS), BOOK_PARTS);
    for (int i = 0; i < BOOK_PARTS; i++) {
      words[i] = words[i] == null ? "" : words[i].strip();
    }
    return new DeviceBooks.Entry(words[0], words[1], words[2], words[3], words[4]);
  }

  /** Gives a device what it asks for, unless it is assigned; what there is not is passed over. */
  void preset(Handle handle, String id, Presets presets) {
    if (presets.equals(Presets.NONE)) {
      return;
    }
    ListedDevice device =
        DeviceListTable.findById(handle, parts.organization(), id)
            .filter(found -> found.given().user().isEmpty() && found.given().group().isEmpty())
            .orElse(null);
    if (device == null) {
      return;
    }
    ListedDevice.Given given = device.given();
    AccessEpoch.advance(handle, parts.organization());
    preset(handle, device, Kind.USER_NAME, presets.user());
    preset(handle, device, Kind.DEVICE_GROUP_NAME, presets.group());
    preset(
        handle, device, Kind.STRATEGY_NAME, given.strategy().isEmpty() ? presets.strategy() : "");
    preset(handle, device, Kind.DEVICE_NAME, given.name().isEmpty() ? presets.name() : "");
    preset(
        handle, device, Kind.DEVICE_USERNAME, given.username().isEmpty() ? presets.username() : "");
    preset(handle, device, Kind.NOTE, given.note().isEmpty() ? presets.note() : "");
    presets
        .book()
        .ifPresent(entry -> {
          try {
            books.put(handle, parts.organization(), id, entry);
          } catch (DeviceRefusal passedOver) {
            // There is no such book.
          }
        });
  }

  private void preset(Handle handle, ListedDevice device, Kind kind, String value) {
    if (!value.isBlank() && !value.equals(NOBODY)) {
      try {
        give(handle, device, kind, value);
      } catch (DeviceRefusal passedOver) {
        // There is no such user, group or strategy.
      }
    }
  }
}
