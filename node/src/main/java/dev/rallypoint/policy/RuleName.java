package dev.rallypoint.policy;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.text.HostAndPort;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What operators may change for all nodes while they run, and which values can be used. */
public enum RuleName {
  /** Y or N. */
  ALWAYS_USE_RELAY,
  /** Hosts with commas, or {@code -} for none. */
  RELAY_SERVERS,
  /** The lines of blocklist.txt. */
  BLOCKLIST,
  /** The lines of blacklist.txt. */
  BLACKLIST,
  /** Mb/s. */
  SINGLE_BANDWIDTH,
  /** Mb/s. */
  TOTAL_BANDWIDTH,
  /** Mb/s. */
  LIMIT_SPEED,
  /** A share. */
  DOWNGRADE_THRESHOLD,
  /** Seconds. */
  DOWNGRADE_START_CHECK;

  private static final BandwidthSettings ANY =
      new BandwidthSettings(1, 1, 1, 1, Duration.ofSeconds(1));

  /** The name as operators write it, such as {@code always-use-relay}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The rule of a name. */
  public static Optional<RuleName> of(String text) {
    return Arrays.stream(values()).filter(rule -> rule.text().equals(text)).findFirst();
  }

  /** Whether it is a list of ips and networks, one a line. */
  public boolean isList() {
    return this == BLOCKLIST || this == BLACKLIST;
  }

  /** Whether it is one of the relay's bandwidth limits. */
  public boolean isBandwidth() {
    return ordinal() >= SINGLE_BANDWIDTH.ordinal();
  }

  /**
   * Checks a value; an empty one means that each node's own setting holds, or an empty list.
   *
   * @throws SettingException when it cannot be used
   */
  public void check(String value) {
    if (value.isEmpty()) {
      return;
    }
    switch (this) {
      case ALWAYS_USE_RELAY -> {
        if (!value.equals("Y") && !value.equals("N")) {
          throw new SettingException(text(), value, "write Y or N");
        }
      }
      case RELAY_SERVERS -> relays(value);
      case BLOCKLIST, BLACKLIST -> list(value);
      default -> with(ANY, value);
    }
  }

  /** The lines of a list's value. */
  public AddressList list(String value) {
    return AddressList.of(text(), value.isEmpty() ? List.of() : value.lines().toList());
  }

  /** The hosts of a value of {@link #RELAY_SERVERS}, which can be used. */
  public static List<String> relays(String value) {
    List<String> names = relaysOf(List.of(value));
    wrongRelay(String.join(",", names))
        .ifPresent(wrong -> {
          throw new SettingException(RELAY_SERVERS.text(), wrong, HostAndPort.FORM);
        });
    return names;
  }

  /** The hosts in texts with commas; {@code -} is none. */
  public static List<String> relaysOf(List<String> texts) {
    return Arrays.stream(String.join(",", texts).split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !name.equals("-"))
        .toList();
  }

  /** The first of these hosts, with commas, that no client can reach. */
  public static Optional<String> wrongRelay(String names) {
    return relaysOf(List.of(names)).stream()
        .filter(name -> HostAndPort.parse(name).filter(HostAndPort::isUsableElsewhere).isEmpty())
        .findFirst();
  }

  /** These bandwidth limits with another value of this one. */
  public BandwidthSettings with(BandwidthSettings old, String value) {
    double number;
    try {
      number = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new SettingException(text(), value, "not a number; write one such as 32 or 0.66");
    }
    return new BandwidthSettings(
        this == SINGLE_BANDWIDTH ? number : old.single(),
        this == TOTAL_BANDWIDTH ? number : old.total(),
        this == LIMIT_SPEED ? number : old.limited(),
        this == DOWNGRADE_THRESHOLD ? number : old.downgradeThreshold(),
        this == DOWNGRADE_START_CHECK
            ? Duration.ofSeconds((long) number)
            : old.downgradeStartCheck());
  }

  /** The value of a bandwidth limit as text. */
  public String of(BandwidthSettings settings) {
    double value =
        switch (this) {
          case SINGLE_BANDWIDTH -> settings.single();
          case TOTAL_BANDWIDTH -> settings.total();
          case LIMIT_SPEED -> settings.limited();
          case DOWNGRADE_THRESHOLD -> settings.downgradeThreshold();
          case DOWNGRADE_START_CHECK -> settings.downgradeStartCheck().toSeconds();
          default -> throw new IllegalStateException(this + " is no bandwidth");
        };
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
