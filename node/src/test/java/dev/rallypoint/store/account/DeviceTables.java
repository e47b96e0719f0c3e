package dev.rallypoint.store.account;

import dev.rallypoint.store.account.DeviceGroupTable.DeviceGroup;
import dev.rallypoint.store.account.DeviceListTable.Column;
import dev.rallypoint.store.account.DeviceRegistrationTable.Registration;
import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import dev.rallypoint.store.account.User.Credentials;
import dev.rallypoint.store.account.User.Profile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with devices, for tests of its tables. */
abstract class DeviceTables {
  static final String ORG = "00000000-0000-7000-8000-000000000001";
  static final SystemFacts FACTS = new SystemFacts("Host", "user", "Linux", "cpu", "16GB", "1.4.9");

  private AccountDatabase database;

  /** Opens an empty database. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    database = open();
  }

  @AfterEach
  void end() {
    database.close();
  }

  <T> T call(HandleCallback<T, RuntimeException> statements) {
    return database.call(statements).toCompletableFuture().join();
  }

  void run(HandleConsumer<RuntimeException> statements) {
    database.run(statements).toCompletableFuture().join();
  }

  static Registration device(String id, String uuid) {
    return new Registration("guid-of-" + id, id, uuid, "192.0.2.1");
  }

  boolean register(long now, Registration... devices) {
    return call(
        (Handle handle) -> DeviceRegistrationTable.register(handle, ORG, List.of(devices), now));
  }

  ListedDevice find(String id) {
    return call((Handle handle) -> DeviceListTable.findById(handle, ORG, id)).orElseThrow();
  }

  List<String> ids(DeviceFilter filter) {
    return call((Handle handle) -> DeviceListTable.list(handle, ORG, filter, 0, 100)).stream()
        .map(ListedDevice::id)
        .toList();
  }

  void group(String guid, String name) {
    run(handle ->
        DeviceGroupTable.insert(
            handle, ORG, new DeviceGroup(guid, name, "", 0), name.toLowerCase(Locale.ROOT), 1));
  }

  void alice() {
    User alice =
        new User(
            "guid-of-alice",
            ORG,
            "Alice",
            Profile.EMPTY,
            true,
            false,
            "Default",
            new Credentials(Optional.empty(), Optional.empty(), false));
    run(handle -> UserTable.insert(handle, alice, "alice", "default", 1));
  }

  /** A device with all that an administrator gives. */
  void assigned(String id, String uuid) {
    register(1, device(id, uuid));
    alice();
    group("g", "Office");
    run(handle -> {
      DeviceListTable.setUser(handle, ORG, "guid-of-" + id, "alice", 2);
      DeviceListTable.setGroup(handle, ORG, "guid-of-" + id, "office", 2);
      DeviceListTable.set(handle, "guid-of-" + id, Column.NAME, "Desk", 2);
      DeviceListTable.set(handle, "guid-of-" + id, Column.NOTE, "'; drop table api_user; --", 2);
    });
  }
}
