package dev.rallypoint.config;

import com.typesafe.config.Config;
import dev.rallypoint.config.NameVerdict.Foreign;
import dev.rallypoint.config.NameVerdict.NotOurs;
import dev.rallypoint.config.NameVerdict.Setting;
import dev.rallypoint.config.NameVerdict.Spelling;
import dev.rallypoint.config.NameVerdict.Unknown;
import dev.rallypoint.config.text.HostAndPort;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of settings and the spellings they are recognised in: dashed or underscored, upper or
 * lower. In the environment and in {@code .env}, which other programs use too, only hbbs's and
 * hbbr's own names stand bare; each setting is read there with {@code RALLYPOINT_} before it.
 *
 * @param ours all settings, dashed and in lower case
 */
record SettingNames(Set<String> ours) {
  private static final String PREFIX = "rallypoint-";

  /** Names that hbbs and hbbr read from the environment. */
  static final Set<String> BARE =
      Set.of(
          "key",
          "port",
          "bind",
          "relay-servers",
          "rmem",
          "db-url",
          "always-use-relay",
          "mask",
          "local-ip",
          "single-bandwidth",
          "total-bandwidth",
          "limit-speed",
          "downgrade-threshold",
          "downgrade-start-check",
          "log-level",
          // Of hbbs's images.
          "key-priv",
          "key-pub");

  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("rust-log", "LOG_LEVEL sets the log's level"),
          Map.entry("test-hbbs", "the ready line is printed once all ports answer"),
          Map.entry(
              "max-database-connections", "a node holds few connections to its database by itself"),
          Map.entry("serial", "the servers a client uses are set in the client"),
          Map.entry("rendezvous-servers", "the servers a client uses are set in the client"),
          Map.entry("software-url", "clients no longer ask for it"),
          Map.entry("proxy", "it is about a licence"),
          Map.entry("geoip-file", "there is no choice of relays by country"),
          Map.entry("port-for-api", "api-port sets the HTTP API's port"),
          Map.entry("key-for-api", "the HTTP API asks clients for a login, not for a key"),
          Map.entry("relay", "write RELAY-SERVERS"),
          Map.entry("encrypted-only", "the key is checked unless KEY is empty"));

  /** Names of hbbs that other programs' environments hold too often for a word about them. */
  private static final Set<String> COMMON_WORDS = Set.of("serial", "relay", "proxy");

  static SettingNames of(Config settings) {
    return new SettingNames(Set.copyOf(settings.root().keySet()));
  }

  /** The dashed spelling in lower case. */
  static String dashed(String written) {
    return written.strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The spelling for the environment and {@code .env}: hbbs's own where it has one. */
  static String inEnvironment(String setting) {
    return BARE.contains(setting)
        ? prefixed(setting).replaceFirst("RALLYPOINT_", "")
        : prefixed(setting);
  }

  private static String prefixed(String setting) {
    return "RALLYPOINT_" + setting.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  NameVerdict judge(SettingSource source, WrittenSetting written) {
    String name = dashed(written.name());
    if (name.startsWith(PREFIX)) {
      return judgePrefixed(source, name.substring(PREFIX.length()), written.value());
    }
    if (ours.contains(name) && (!source.isShared() || BARE.contains(name))) {
      return new Setting(name, Spelling.BARE);
    }
    if (source.isShared() && name.equals("relay") && namesRelays(written.value())) {
      return new Setting("relay-servers", Spelling.OF_IMAGE);
    }
    if (FOREIGN.containsKey(name)) {
      boolean quiet = source == SettingSource.ENVIRONMENT && COMMON_WORDS.contains(name);
      return quiet ? new NotOurs() : new Foreign(FOREIGN.get(name));
    }
    return switch (source) {
      case FLAG, INI -> new Unknown(nearest(name, name.length()));
      // Short names are other programs' too often for a guess.
      case DOT_ENV -> {
        Optional<String> nearest = name.length() < 8 ? Optional.empty() : nearest(name, 2);
        yield nearest.isPresent()
            ? new Unknown(nearest.map(SettingNames::inEnvironment))
            : new NotOurs();
      }
      case ENVIRONMENT -> new NotOurs();
    };
  }

  /** Other programs have a RELAY too: it is the one of hbbs's images where it is surely a host. */
  private static boolean namesRelays(String value) {
    return (value.contains(".") || value.contains(":"))
        && Arrays.stream(value.split(",", -1))
            .allMatch(host -> HostAndPort.parse(host.strip()).isPresent());
  }

  private NameVerdict judgePrefixed(SettingSource source, String name, String value) {
    if (source == SettingSource.ENVIRONMENT && isOfKubernetes(name, value)) {
      return new NotOurs();
    }
    if (ours.contains(name)) {
      return new Setting(name, Spelling.PREFIXED);
    }
    Optional<String> nearest = nearest(name, name.length());
    // The environment may hold a tool's variables about this server.
    boolean guessed = nearest.stream().anyMatch(n -> distance(n, name) <= 2);
    return source == SettingSource.ENVIRONMENT && !guessed
        ? new Foreign("there is no setting of this name")
        : new Unknown(nearest.map(n -> source.isShared() ? prefixed(n) : n));
  }

  /**
   * Kubernetes gives every pod variables for each service; one named rallypoint makes {@code
   * RALLYPOINT_PORT=tcp://10.0.0.1:21116}.
   */
  private static boolean isOfKubernetes(String name, String value) {
    return name.matches("(.*-)?service-(host|port.*)|(.*-)?port-\\d+-(tcp|udp|sctp).*")
        || value.matches("(tcp|udp|sctp)://.*");
  }

  /** The name with the fewest letters to change, if no more than {@code most}. */
  Optional<String> nearest(String name, int most) {
    return ours.stream()
        .min(Comparator.comparingInt((String n) -> distance(n, name)).thenComparing(n -> n))
        .filter(n -> distance(n, name) <= Math.min(most, Math.max(2, name.length() / 2)));
  }

  /** How many letters must be put in, taken out or changed to make one text of another. */
  static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
