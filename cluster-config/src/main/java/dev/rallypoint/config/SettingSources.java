package dev.rallypoint.config;

import static dev.rallypoint.config.SettingSource.DOT_ENV;
import static dev.rallypoint.config.SettingSource.ENVIRONMENT;
import static dev.rallypoint.config.SettingSource.FLAG;
import static dev.rallypoint.config.SettingSource.INI;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.rallypoint.config.NameVerdict.Foreign;
import dev.rallypoint.config.NameVerdict.NotOurs;
import dev.rallypoint.config.NameVerdict.Setting;
import dev.rallypoint.config.NameVerdict.Spelling;
import dev.rallypoint.config.NameVerdict.Unknown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a node's settings come from. A flag beats the INI file, that beats {@code .env} in the
 * working directory, that beats {@code .env} in the data folder, that beats the environment, that
 * beats the default; hbbs's order.
 *
 * @param flags names as written on the command line, and their values
 * @param ini hbbs's file of the flag {@code --config}
 * @param workingDirectory the folder of {@code .env} and the start of relative paths
 * @param environment the process's environment
 */
public record SettingSources(
    Map<String, String> flags,
    Optional<Path> ini,
    Path workingDirectory,
    Map<String, String> environment) {
  /** Where a setting was written that nobody has written. */
  public static final String NOWHERE = "default";

  private static final String FROM = "from ";

  /** The settings with their defaults, as {@code reference.conf} of this module has them. */
  public static Config defaults() {
    return ConfigFactory.parseResources(SettingSources.class.getClassLoader(), "reference.conf")
        .withOnlyPath("rallypoint")
        .resolve()
        .getConfig("rallypoint");
  }

  /** The setting an operator probably meant by a name in any spelling, dashes before it or not. */
  public static Optional<String> nearest(String written) {
    String name = SettingNames.dashed(written).replaceFirst("^-+", "");
    return SettingNames.of(defaults()).nearest(name, name.length());
  }

  /**
   * Reads every source.
   *
   * @throws SettingException for a bad value, an unknown name or a file that cannot be read
   */
  public LoadedSettings load() {
    List<String> warnings = new ArrayList<>();
    Config all = all(warnings);
    NodeSettings node = NodeSettings.from(all, workingDirectory);
    return new LoadedSettings(
        node, log(all, dataFolder(all)), chosen(all, defaults(), node), warnings);
  }

  /**
   * Every setting with the value that {@link #load} takes, without secrets, and where it was
   * written; {@link #NOWHERE} where the default holds.
   *
   * @throws SettingException as that does
   */
  public List<WrittenSetting> effective() {
    Config all = all(new ArrayList<>());
    NodeSettings node = NodeSettings.from(all, workingDirectory);
    return shown(all, node);
  }

  private static List<WrittenSetting> shown(Config all, NodeSettings node) {
    return all.root().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one -> {
          String origin = one.getValue().origin().description();
          return new WrittenSetting(
              one.getKey(),
              shown(one.getKey(), all, node),
              origin.startsWith(FROM) ? origin : NOWHERE);
        })
        .toList();
  }

  private static String shown(String name, Config all, NodeSettings node) {
    String value = all.getString(name);
    return switch (name) {
      case KeySettings.ACCESS, KeySettings.SECRET -> value.length() < 2 ? value : "(not shown)";
      case StoreSettings.DB_URL ->
          node.store() instanceof PostgresSettings shared ? shared.toString() : value;
      default -> value;
    };
  }

  private Config all(List<String> warnings) {
    Config defaults = defaults();
    SettingNames names = SettingNames.of(defaults);
    Config strong = ConfigFactory.empty();
    for (SettingSource source : List.of(FLAG, INI, DOT_ENV)) {
      strong =
          strong.withFallback(config(names, defaults, source, written(source, warnings), warnings));
    }
    Config environment =
        config(names, defaults, ENVIRONMENT, written(ENVIRONMENT, warnings), warnings);
    Path data = dataFolder(strong.withFallback(environment).withFallback(defaults));
    return strong
        .withFallback(ofDataFolder(names, defaults, data, warnings))
        .withFallback(environment)
        .withFallback(defaults);
  }

  private static LogSettings log(Config config, Path data) {
    try {
      return LogSettings.from(config, data);
    } catch (SettingException e) {
      throw located(e, config);
    }
  }

  private static List<WrittenSetting> chosen(Config all, Config defaults, NodeSettings node) {
    return shown(all, node).stream()
        .filter(one -> !all.getString(one.name()).equals(defaults.getString(one.name())))
        .toList();
  }

  private Path dataFolder(Config config) {
    try {
      return new SettingReader(config).path(NodeSettings.DATA, workingDirectory);
    } catch (SettingException e) {
      throw located(e, config);
    }
  }

  /** hbbs keeps its {@code .env} beside its data, where it is started. */
  private Config ofDataFolder(
      SettingNames names, Config defaults, Path data, List<String> warnings) {
    Path file = data.resolve(".env");
    if (data.equals(workingDirectory) || !Files.exists(file) || Files.isDirectory(file)) {
      return ConfigFactory.empty();
    }
    List<WrittenSetting> written = read(file, file.toString(), false, warnings);
    Config config = config(names, defaults, DOT_ENV, written, warnings);
    if (config.hasPath(NodeSettings.DATA)) {
      warnings.add(file + ": the setting data has no effect in the data folder itself");
    }
    return config.withoutPath(NodeSettings.DATA);
  }

  /** The same fault, with where its value was written if the config remembers. */
  static SettingException located(SettingException fault, Config config) {
    if (fault.hasSource() || !config.root().containsKey(fault.setting())) {
      return fault;
    }
    String origin = config.root().get(fault.setting()).origin().description();
    return origin.startsWith(FROM) ? fault.withSource(origin) : fault;
  }

  private List<WrittenSetting> written(SettingSource source, List<String> warnings) {
    return switch (source) {
      case FLAG -> written(flags, "from the command line");
      case INI ->
          ini.map(file -> read(workingDirectory.resolve(file), file.toString(), true, warnings))
              .orElse(List.of());
      case DOT_ENV -> {
        Path file = workingDirectory.resolve(".env");
        yield Files.exists(file) && !Files.isDirectory(file)
            ? read(file, ".env", false, warnings)
            : List.of();
      }
      case ENVIRONMENT -> written(environment, "from the environment");
    };
  }

  private static List<WrittenSetting> written(Map<String, String> pairs, String where) {
    return pairs.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(pair -> new WrittenSetting(pair.getKey(), pair.getValue(), where))
        .toList();
  }

  private static List<WrittenSetting> read(
      Path file, String shownAs, boolean strict, List<String> warnings) {
    SettingFile read = SettingFile.read(file, shownAs, strict);
    for (String section : read.sections()) {
      warnings.add(shownAs + ": what follows " + section + " is not read, as in hbbs");
    }
    if (!read.unread().isEmpty()) {
      warnings.add(shownAs + ": not read, because not NAME=value: line " + numbers(read.unread()));
    }
    return read.settings();
  }

  private static String numbers(List<Integer> lines) {
    String first = lines.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "));
    return lines.size() > 10 ? first + " and " + (lines.size() - 10) + " more" : first;
  }

  /** The settings among what is written, by their one name. */
  private static Map<String, WrittenSetting> named(
      SettingNames names,
      SettingSource source,
      List<WrittenSetting> written,
      List<String> warnings) {
    Map<Spelling, Map<String, WrittenSetting>> spelled = new EnumMap<>(Spelling.class);
    for (WrittenSetting one : written) {
      switch (names.judge(source, one)) {
        case Setting(String name, Spelling spelling) -> {
          putOnce(spelled.computeIfAbsent(spelling, _ -> new HashMap<>()), name, one);
          if (spelling == Spelling.OF_IMAGE) {
            warnings.add(
                one.name()
                    + " ("
                    + one.where()
                    + ") is read as "
                    + SettingNames.inEnvironment(name));
          }
        }
        case Foreign foreign ->
            warnings.add(one.name() + " (" + one.where() + ") has no effect: " + foreign.instead());
        case Unknown unknown -> throw unknown(one, unknown);
        case NotOurs _ -> {}
      }
    }
    Map<String, WrittenSetting> settings = new HashMap<>();
    spelled.values().forEach(settings::putAll);
    return settings;
  }

  private static void putOnce(
      Map<String, WrittenSetting> settings, String name, WrittenSetting one) {
    WrittenSetting other = settings.put(name, one);
    if (other != null && !other.value().equals(one.value())) {
      // Values are not shown: the setting may be the key.
      throw new SettingException(
              name, "two values", other.name() + " and " + one.name() + " differ, keep one")
          .withSource(one.where());
    }
  }

  private static SettingException unknown(WrittenSetting one, Unknown unknown) {
    String advice =
        unknown
            .nearest()
            .map(nearest -> "unknown name, did you mean " + nearest + "?")
            .orElse("unknown name, see docs/configuration.md for all of them");
    return new SettingException("setting", one.name(), advice).withSource(one.where());
  }

  private static Config config(
      SettingNames names,
      Config defaults,
      SettingSource source,
      List<WrittenSetting> all,
      List<String> warnings) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, WrittenSetting> entry : named(names, source, all, warnings).entrySet()) {
      String name = entry.getKey();
      WrittenSetting written = entry.getValue();
      if (!isLeftOut(name, written.value(), defaults, source)) {
        config =
            config.withValue(name, ConfigValueFactory.fromAnyRef(written.value(), written.where()));
      }
    }
    return config;
  }

  /**
   * Compose files write {@code PORT=${PORT}} and mean nothing when it is empty; only where empty is
   * a value of its own, and for the key it is the important one, is it taken.
   */
  private static boolean isLeftOut(
      String name, String value, Config defaults, SettingSource source) {
    return source.isShared()
        && value.isBlank()
        && !name.equals("key")
        && !defaults.getString(name).isEmpty();
  }

  /** Without values, one of which may be the secret key. */
  @Override
  public String toString() {
    return "SettingSources[flags=" + flags.keySet() + ", ini=" + ini + "]";
  }
}
