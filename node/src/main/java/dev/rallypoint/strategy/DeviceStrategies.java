package dev.rallypoint.strategy;

import dev.rallypoint.policy.strategy.StrategyChoice;
import dev.rallypoint.policy.strategy.StrategyOptions;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.strategy.AssignmentTable;
import dev.rallypoint.store.strategy.StrategyTable;
import dev.rallypoint.store.strategy.StrategyTable.Version;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which strategy each device gets, in memory for heartbeats: those cost no statement. It is read as
 * a whole when something has changed, in one query. Safe for all threads.
 */
public final class DeviceStrategies {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceStrategies.class);

  /** What one device costs in memory at most, in bytes. */
  private static final int ENTRY_BYTES = 256;

  private static final int HEAP_PART = 32;
  private static final int MOST_VERSIONS = 10_000;

  private final AccountDatabase database;
  private final int most;
  private volatile Optional<Known> known = Optional.empty();

  /**
   * What a node knows.
   *
   * @param ofDevices the numbers of versions by ids; others have none
   * @param options of the versions that devices get
   * @param names of the options that each version had
   * @param allNames of the options that any version had
   */
  private record Known(
      Map<String, Long> ofDevices,
      Map<Long, StrategyOptions> options,
      Map<Long, Set<String>> names,
      Set<String> allNames) {}

  /**
   * What a device is told.
   *
   * @param modifiedAt the number of the version
   */
  public record Delivery(long modifiedAt, StrategyOptions options) {}

  /** Those of a database; none before they are read. */
  public DeviceStrategies(AccountDatabase database) {
    this(
        database,
        (int)
            Math.min(
                Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES));
  }

  DeviceStrategies(AccountDatabase database, int most) {
    this.database = database;
    this.most = most;
  }

  /**
   * A heartbeat of a device that has proved itself.
   *
   * @param modifiedAt the number of the version that it has; 0 for none
   * @return what it is told, where it has another version
   */
  public Optional<Delivery> onHeartbeat(String deviceId, long modifiedAt) {
    Optional<Known> now = known;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    long number = now.get().ofDevices().getOrDefault(deviceId, StrategyChoice.NONE);
    return number == modifiedAt
        ? Optional.empty()
        : Optional.of(delivery(now.get(), number, modifiedAt));
  }

  private static Delivery delivery(Known known, long number, long has) {
    Set<String> earlier =
        has == StrategyChoice.NONE ? Set.of() : known.names().getOrDefault(has, known.allNames());
    return new Delivery(
        number, known.options().getOrDefault(number, StrategyOptions.NONE).after(earlier));
  }

  /** Reads all; nodes do so when one of them has changed something. */
  public CompletionStage<Boolean> read() {
    return database.call(handle -> {
      known = Optional.of(read(handle));
      return true;
    });
  }

  private Known read(Handle handle) {
    Map<String, Long> published = AssignmentTable.published(handle);
    Map<String, Long> ofDevices = new HashMap<>();
    int[] read = {0};
    AssignmentTable.forEach(
        handle,
        most,
        assigned -> {
          read[0]++;
          long number =
              StrategyChoice.of(assigned.own(), assigned.ofUser(), assigned.ofGroup(), published);
          if (number != StrategyChoice.NONE) {
            ofDevices.put(assigned.deviceId(), number);
          }
        });
    if (read[0] == most) {
      LOG.warn("more than {} devices have strategies: the others get none; -Xmx bounds it", most);
    }
    Map<Long, StrategyOptions> options = new HashMap<>();
    Map<Long, Set<String>> names = new HashMap<>();
    Set<String> allNames = new HashSet<>();
    for (Version version : StrategyTable.versions(handle, MOST_VERSIONS)) {
      StrategyOptions of = OptionsJson.options(version.options());
      if (published.containsValue(version.number())) {
        options.put(version.number(), of);
      }
      Set<String> its = Set.copyOf(of.configOptions().keySet());
      names.put(version.number(), its);
      allNames.addAll(its);
    }
    return new Known(ofDevices, options, names, allNames);
  }
}
