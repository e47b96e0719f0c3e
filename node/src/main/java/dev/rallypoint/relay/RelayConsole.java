package dev.rallypoint.relay;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.ConsoleEntry;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * hbbr's text console: a command, and a reply of some lines. It is the one writer of the relay's
 * rules and of the two lists' files; a changed speed lasts until the node stops, a changed list is
 * in its file before the reply is sent. It writes files, so it runs on a blocking dispatcher.
 */
public final class RelayConsole {
  /** All commands, by their names. */
  static final Map<String, Command> COMMANDS = ConsoleEntry.byName(Command.values());

  private static final double MEGABIT = 1024.0 * 1024.0;

  private final ConsoleMode mode;
  private final RelayRules rules;
  private final AddressListFile blacklist;
  private final AddressListFile blocklist;
  private final Supplier<List<SessionReport>> sessions;
  private final Supplier<String> metrics;
  private final Supplier<String> health;

  /** A command, and what takes its reply. */
  record Request(ConsoleCommand command, Consumer<String> reply) {}

  enum Command implements ConsoleEntry {
    HELP("h", "", "this text", Effect.NONE),
    BLACKLIST_ADD("ba", "<ip or network>...", "limit the speed of these", Effect.ALWAYS),
    BLACKLIST_REMOVE("br", "<ip or network>...|all", "limit them no more", Effect.ALWAYS),
    BLACKLIST("b", "[ip]", "whose speed is limited, or whether this one's is", Effect.NONE),
    BLOCKLIST_ADD("Ba", "<ip or network>...", "refuse these", Effect.ALWAYS),
    BLOCKLIST_REMOVE("Br", "<ip or network>...|all", "refuse them no more", Effect.ALWAYS),
    BLOCKLIST("B", "[ip]", "who is refused, or whether this one is", Effect.NONE),
    DOWNGRADE_THRESHOLD(
        "dt", "[share]", "average share of the single cap that slows down", Effect.WITH_ARGUMENTS),
    DOWNGRADE_START_CHECK(
        "t", "[seconds]", "age from which a session may be slowed down", Effect.WITH_ARGUMENTS),
    LIMIT_SPEED("ls", "[Mb/s]", "cap of a slowed down session", Effect.WITH_ARGUMENTS),
    TOTAL_BANDWIDTH("tb", "[Mb/s]", "cap of all sessions together", Effect.WITH_ARGUMENTS),
    SINGLE_BANDWIDTH("sb", "[Mb/s]", "cap of one session", Effect.WITH_ARGUMENTS),
    USAGE("u", "", "the sessions, busiest first", Effect.NONE),
    STATS("st", "", "all counters of this node", Effect.NONE),
    HEALTH("H", "", "serving, draining, or the reason it is not serving", Effect.NONE);

    private final Help help;
    private final Effect effect;

    Command(String shortName, String arguments, String meaning, Effect effect) {
      this.help = new Help(shortName, arguments, meaning);
      this.effect = effect;
    }

    @Override
    public Effect effect() {
      return effect;
    }

    @Override
    public Help help() {
      return help;
    }
  }

  RelayConsole(
      ConsoleMode mode,
      RelayRules rules,
      AddressListFile blacklist,
      AddressListFile blocklist,
      Supplier<List<SessionReport>> sessions,
      Supplier<String> metrics,
      Supplier<String> health) {
    this.mode = mode;
    this.rules = rules;
    this.blacklist = blacklist;
    this.blocklist = blocklist;
    this.sessions = sessions;
    this.metrics = metrics;
    this.health = health;
  }

  /** The console as an actor, which carries out one command after the other. */
  Behavior<Request> behavior(HandlerFaults faults) {
    return Behaviors.receiveMessage(request -> {
      Consumer<String> reply = request.reply();
      if (!faults.isDone("a command", () -> reply.accept(answer(request.command())))) {
        reply.accept("failed, see the log\n");
      }
      return Behaviors.same();
    });
  }

  /** Carries out a command; the reply is lines, each with its end. */
  String answer(ConsoleCommand command) {
    List<String> arguments = command.arguments();
    Command known = COMMANDS.getOrDefault(command.name(), Command.HELP);
    Optional<String> refusal = known.refusal(mode, arguments);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    try {
      return switch (known) {
        case HELP -> ConsoleEntry.help(Command.values());
        case BLACKLIST_ADD ->
            change(arguments, AddressList::with, rules.blacklist(), blacklist, rules::blacklist);
        case BLACKLIST_REMOVE ->
            change(
                arguments, RelayConsole::without, rules.blacklist(), blacklist, rules::blacklist);
        case BLACKLIST -> show(arguments, rules.blacklist());
        case BLOCKLIST_ADD ->
            change(arguments, AddressList::with, rules.blocklist(), blocklist, rules::blocklist);
        case BLOCKLIST_REMOVE ->
            change(
                arguments, RelayConsole::without, rules.blocklist(), blocklist, rules::blocklist);
        case BLOCKLIST -> show(arguments, rules.blocklist());
        case SINGLE_BANDWIDTH -> setting(arguments, 0, "Mb/s");
        case TOTAL_BANDWIDTH -> setting(arguments, 1, "Mb/s");
        case LIMIT_SPEED -> setting(arguments, 2, "Mb/s");
        case DOWNGRADE_THRESHOLD -> setting(arguments, 3, "");
        case DOWNGRADE_START_CHECK -> setting(arguments, 4, "s");
        case USAGE -> usage();
        case STATS -> metrics.get();
        case HEALTH -> health.get();
      };
    } catch (SettingException e) {
      return e.getMessage() + "\n";
    } catch (NumberFormatException e) {
      return "not a number: " + String.join(" ", arguments) + "\n";
    } catch (IOException e) {
      return "nothing changed, the file cannot be written: " + e.getMessage() + "\n";
    }
  }

  private static String change(
      List<String> arguments,
      BiFunction<AddressList, String, AddressList> step,
      AddressList list,
      AddressListFile file,
      Consumer<AddressList> publish)
      throws IOException {
    AddressList changed = list;
    for (String entry : split(arguments)) {
      changed = step.apply(changed, entry);
    }
    file.write(changed);
    publish.accept(changed);
    return changed.entries().size() + " in the list\n";
  }

  private static AddressList without(AddressList list, String entry) {
    return entry.equals("all") ? list.withoutAll() : list.without(entry);
  }

  /** hbbr takes several in one command, parted by a bar. */
  private static List<String> split(List<String> arguments) {
    List<String> entries =
        arguments.stream()
            .flatMap(argument -> Stream.of(argument.split("[|,]")))
            .filter(entry -> !entry.isEmpty())
            .toList();
    if (entries.isEmpty()) {
      throw new SettingException("list", "", "write an ip or a network behind the command");
    }
    return entries;
  }

  private static String show(List<String> arguments, AddressList list) {
    if (arguments.isEmpty()) {
      return list.entries().stream().map(entry -> entry + "\n").collect(Collectors.joining());
    }
    return list.contains(arguments.getFirst()) + "\n";
  }

  /** Changes a setting of the caps, if there is a value, and shows it. */
  private String setting(List<String> arguments, int index, String unit) {
    if (!arguments.isEmpty()) {
      double[] changed = settings();
      changed[index] = Double.parseDouble(arguments.getFirst());
      rules.speeds(
          SpeedLimits.from(
              new BandwidthSettings(
                  changed[0],
                  changed[1],
                  changed[2],
                  changed[3],
                  Duration.ofSeconds((long) changed[4]))));
    }
    return BigDecimal.valueOf(settings()[index]).stripTrailingZeros().toPlainString() + unit + "\n";
  }

  private double[] settings() {
    BandwidthSettings present = rules.speeds().settings();
    return new double[] {
      present.single(),
      present.total(),
      present.limited(),
      present.downgradeThreshold(),
      present.downgradeStartCheck().toSeconds()
    };
  }

  private String usage() {
    return sessions.get().stream()
        .sorted(Comparator.comparingLong(SessionReport::bytesPerSecond).reversed())
        .map(RelayConsole::line)
        .collect(Collectors.joining());
  }

  private static String line(SessionReport session) {
    return "%s %s <-> %s %s %ds %.1fMB %.2fMb/s highest %.2fMb/s%s%n"
        .formatted(
            session.legs().uuid(),
            session.legs().a().address(),
            session.legs().b().address(),
            session.legs().connType().name().toLowerCase(Locale.ROOT),
            session.seconds(),
            session.bytes() / MEGABIT,
            session.bytesPerSecond() * 8 / MEGABIT,
            session.highest() * 8 / MEGABIT,
            session.isLimited() ? " limited" : "");
  }
}
