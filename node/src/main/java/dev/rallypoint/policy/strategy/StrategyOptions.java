package dev.rallypoint.policy.strategy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The options of a strategy. Clients take any option from their server, without a list of what is
 * allowed.
 *
 * @param configOptions written into the client's configuration; an empty text removes one
 * @param extra for later clients
 */
public record StrategyOptions(Map<String, String> configOptions, Map<String, String> extra) {
  /** No options. */
  public static final StrategyOptions NONE = new StrategyOptions(Map.of(), Map.of());

  private static final int MOST = 200;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 2_048;

  /** By these a device leaves this server, or nobody reaches it any more. */
  private static final Set<String> RISKY =
      Set.of(
          "allow-https-21114",
          "api-server",
          "custom-rendezvous-server",
          "key",
          "proxy-password",
          "proxy-url",
          "proxy-username",
          "register-device",
          "relay-server",
          "rendezvous-servers",
          "socks",
          "stop-service",
          "whitelist");

  /** In the order of their names, and not changed any more. */
  public StrategyOptions {
    configOptions = Collections.unmodifiableMap(new TreeMap<>(configOptions));
    extra = Collections.unmodifiableMap(new TreeMap<>(extra));
  }

  /** What is wrong with them, in one line; empty when they are fine. */
  public Optional<String> fault() {
    if (configOptions.size() + extra.size() > MOST) {
      return Optional.of("a strategy has at most " + MOST + " options");
    }
    return fault(configOptions).or(() -> fault(extra));
  }

  private static Optional<String> fault(Map<String, String> options) {
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (!option.getKey().matches("[A-Za-z0-9_.-]{1," + LONGEST_NAME + "}")) {
        return Optional.of(
            "a name of an option has 1 to " + LONGEST_NAME + " letters, digits and hyphens");
      }
      if (option.getValue().length() > LONGEST_VALUE) {
        return Optional.of(option.getKey() + " has more than " + LONGEST_VALUE + " characters");
      }
      if (option.getValue().codePoints().anyMatch(Character::isISOControl)) {
        return Optional.of(option.getKey() + " has control characters");
      }
    }
    return Optional.empty();
  }

  /**
   * The options by which devices leave this server or cannot be reached any more, and which an
   * administrator has not named one by one.
   */
  public List<String> unconfirmed(Set<String> confirmed) {
    Set<String> risky = new TreeSet<>(configOptions.keySet());
    risky.addAll(extra.keySet());
    risky.retainAll(RISKY);
    risky.removeAll(confirmed);
    return List.copyOf(risky);
  }

  /**
   * What a device is told that has options of an earlier strategy: those which this one does not
   * have are removed.
   *
   * @param earlier the names of the options that the device was given
   */
  public StrategyOptions after(Set<String> earlier) {
    Map<String, String> all = new TreeMap<>();
    earlier.forEach(name -> all.put(name, ""));
    all.putAll(configOptions);
    return new StrategyOptions(all, extra);
  }
}
