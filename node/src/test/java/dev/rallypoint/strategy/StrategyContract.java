package dev.rallypoint.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.policy.strategy.StrategyOptions;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.strategy.DeviceStrategies.Delivery;
import dev.rallypoint.strategy.Strategies.Edit;
import dev.rallypoint.strategy.Strategies.Strategy;
import dev.rallypoint.strategy.Strategies.Targets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strategies, and what devices get by them on another node, on each kind of database. */
abstract class StrategyContract {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final String DEVICE = "00000000-0000-7000-8000-0000000000d1";
  private static final String USER = "00000000-0000-7000-8000-0000000000a1";
  private static final String GROUP = "00000000-0000-7000-8000-0000000000b1";
  private static final String ID = "123456789";

  private final AtomicInteger changes = new AtomicInteger();
  private AccountDatabase database;
  private Strategies strategies;
  private DeviceStrategies devices;

  /** Opens the database of the test. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    database = open();
    strategies =
        new Strategies(
            database,
            now -> UUID.randomUUID().toString(),
            () -> 1_000_000_000_000_000L,
            changes::incrementAndGet);
    devices = new DeviceStrategies(database);
    join(
        database.run(handle -> {
          handle.execute(
              """
              insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
                is_admin, user_group, totp_step, totp_required, created_at, updated_at)
              values (?, ?, 'alice', 'alice', '', '', '', true, false,
                '00000000-0000-7000-8000-000000000002', 0, false, 0, 0)
              """,
              USER,
              ORG);
          handle.execute(
              """
              insert into api_device_group (guid, org, name, name_key, note, created_at)
              values (?, ?, 'desks', 'desks', '', 0)
              """,
              GROUP,
              ORG);
          handle.execute(
              """
              insert into api_device (guid, id, org, uuid, user_guid, device_group, enabled,
                approved, name, note, hostname, username, os, cpu, memory, version, sysinfo_hash,
                ip, created_at, updated_at)
              values (?, ?, ?, '', ?, ?, true, true, '', '', '', '', '', '', '', '', '', '', 0, 0)
              """,
              DEVICE,
              ID,
              ORG,
              USER,
              GROUP);
        }));
    join(devices.read());
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Edit edit(String name, Map<String, String> options) {
    return new Edit(
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new StrategyOptions(options, Map.of())));
  }

  private Strategy published(String name, Map<String, String> options) {
    Strategy made = join(strategies.create(ORG, edit(name, options)));
    return join(strategies.publish(ORG, made.guid(), "root", Set.of()));
  }

  private void assign(Optional<Strategy> strategy, Targets targets) {
    join(strategies.assign(ORG, strategy.map(Strategy::guid), targets));
    join(devices.read());
  }

  private static Targets device() {
    return new Targets(List.of(DEVICE), List.of(), List.of());
  }

  private Delivery told(long has) {
    return devices.onHeartbeat(ID, has).orElseThrow();
  }

  @Test
  void tellADeviceOnceWhatItDoesNotHave() {
    Strategy quiet = published("quiet", Map.of("enable-audio", "N"));
    assign(Optional.of(quiet), device());

    Delivery told = told(0);

    assertThat(told.modifiedAt()).isEqualTo(quiet.published().orElseThrow()).isPositive();
    assertThat(told.options().configOptions()).isEqualTo(Map.of("enable-audio", "N"));
    assertThat(devices.onHeartbeat(ID, told.modifiedAt())).isEmpty();
    assertThat(devices.onHeartbeat("other", 0)).isEmpty();
  }

  @Test
  void tellNothingBeforeTheyAreRead() {
    DeviceStrategies started = new DeviceStrategies(database);
    assertThat(started.onHeartbeat(ID, 7)).isEmpty();
  }

  @Test
  void countForADeviceBeforeItsUserAndItsGroup() {
    Strategy own = published("own", Map.of("a", "own"));
    Strategy ofUser = published("user", Map.of("a", "user"));
    Strategy ofGroup = published("group", Map.of("a", "group"));
    assign(Optional.of(ofGroup), new Targets(List.of(), List.of(), List.of(GROUP)));
    assertThat(told(0).options().configOptions()).containsEntry("a", "group");
    assign(Optional.of(ofUser), new Targets(List.of(), List.of(USER), List.of()));
    assertThat(told(0).options().configOptions()).containsEntry("a", "user");
    assign(Optional.of(own), device());
    assertThat(told(0).options().configOptions()).containsEntry("a", "own");
    join(
        strategies.edit(
            ORG,
            own.guid(),
            new Edit(Optional.empty(), Optional.empty(), Optional.of(false), Optional.empty())));
    join(devices.read());
    assertThat(told(0).options().configOptions()).containsEntry("a", "user");
  }

  @Test
  void reachDevicesWhenTheyArePublishedAndNotBefore() {
    Strategy first = published("quiet", Map.of("a", "1", "b", "1"));
    assign(Optional.of(first), device());
    long has = told(0).modifiedAt();
    join(strategies.edit(ORG, first.guid(), edit("quiet", Map.of("a", "2"))));
    join(devices.read());
    assertThat(devices.onHeartbeat(ID, has)).isEmpty();

    join(strategies.publish(ORG, first.guid(), "root", Set.of()));
    join(devices.read());

    assertThat(told(has).modifiedAt()).isGreaterThan(has);
    assertThat(told(has).options().configOptions()).isEqualTo(Map.of("a", "2", "b", ""));
  }

  @Test
  void takeTheirOptionsAwayFromADeviceThatHasThemNoMore() {
    Strategy one = published("one", Map.of("a", "1"));
    Strategy two = published("two", Map.of("b", "1"));
    assign(Optional.of(one), device());
    long has = told(0).modifiedAt();
    assign(Optional.of(two), device());
    assertThat(told(has).options().configOptions()).isEqualTo(Map.of("a", "", "b", "1"));
    assign(Optional.empty(), device());
    assertThat(told(has).modifiedAt()).isZero();
    assertThat(told(has).options().configOptions()).isEqualTo(Map.of("a", ""));
    assertThat(told(77).options().configOptions()).isEqualTo(Map.of("a", "", "b", ""));
    assertThat(devices.onHeartbeat(ID, 0)).isEmpty();
  }

  @Test
  void takeTheirOptionsAwayWhenTheyAreDeleted() {
    Strategy one = published("one", Map.of("a", "1"));
    assign(Optional.of(one), new Targets(List.of(), List.of(), List.of(GROUP)));
    long has = told(0).modifiedAt();
    join(strategies.delete(ORG, one.guid()));
    join(devices.read());
    assertThat(told(has))
        .isEqualTo(new Delivery(0, new StrategyOptions(Map.of("a", ""), Map.of())));
    assertThat(join(strategies.list(ORG))).isEmpty();
  }

  @Test
  void publishNoOptionByWhichDevicesLeaveUnlessItIsNamed() {
    Strategy made =
        join(strategies.create(ORG, edit("move", Map.of("custom-rendezvous-server", "x"))));
    assertThatThrownBy(() -> join(strategies.publish(ORG, made.guid(), "root", Set.of("key"))))
        .hasRootCauseInstanceOf(StrategyRefusal.class)
        .hasMessageContaining("custom-rendezvous-server");
    assertThat(
            join(strategies.publish(ORG, made.guid(), "root", Set.of("custom-rendezvous-server"))))
        .extracting(Strategy::published)
        .isNotEqualTo(Optional.empty());
  }

  @Test
  void refuseWhatIsNotThereAndChangeNothing() {
    Strategy made = published("one", Map.of("a", "1"));
    Targets unknown = new Targets(List.of(DEVICE, "nothing"), List.of(), List.of());
    assertThatThrownBy(() -> join(strategies.assign(ORG, Optional.of(made.guid()), unknown)))
        .hasMessageContaining("one of the devices");
    assertThatThrownBy(() -> join(strategies.assign("other", Optional.of(made.guid()), device())))
        .hasMessageContaining("no such strategy");
    assertThatThrownBy(() -> join(strategies.create(ORG, edit("ONE", Map.of()))))
        .hasMessageContaining("taken");
    assertThatThrownBy(() -> join(strategies.create(ORG, edit("", Map.of()))))
        .hasMessageContaining("name");
    join(devices.read());
    assertThat(devices.onHeartbeat(ID, 0)).isEmpty();
  }

  @Test
  void costNoStatementForHeartbeats() {
    assign(Optional.of(published("quiet", Map.of("a", "1"))), device());
    long before = database.calls();
    for (int i = 0; i < 1_000; i++) {
      assertThat(devices.onHeartbeat(ID, 0)).isPresent();
    }
    assertThat(database.calls()).isEqualTo(before);
  }
}
