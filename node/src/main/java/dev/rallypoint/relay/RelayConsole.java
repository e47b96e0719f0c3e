package dev.rallypoint.relay;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
  /** The names of all commands. */
  static final Set<String> COMMANDS =
      Stream.of(Command.values())
          .flatMap(command -> Stream.of(command.full, command.brief))
          .collect(Collectors.toUnmodifiableSet());

  private static final double MEGABIT = 1024.0 * 1024.0;

  private final RelayRules rules;
  private final AddressListFile blacklist;
  private final AddressListFile blocklist;
  private final Supplier<List<SessionReport>> sessions;
  private final Supplier<String> health;

  /**
   * A command.
   *
   * @param reply takes the reply
   */
  record Request(ConsoleCommand command, Consumer<String> reply) {}

  private enum Command {
    HELP("help", "h", "", "this text"),
    BLACKLIST_ADD("blacklist-add", "ba", "<ip or network>...", "limit the speed of these"),
    BLACKLIST_REMOVE("blacklist-remove", "br", "<ip or network>...|all", "limit them no more"),
    BLACKLIST("blacklist", "b", "[ip]", "whose speed is limited, or whether this one's is"),
    BLOCKLIST_ADD("blocklist-add", "Ba", "<ip or network>...", "refuse these"),
    BLOCKLIST_REMOVE("blocklist-remove", "Br", "<ip or network>...|all", "refuse them no more"),
    BLOCKLIST("blocklist", "B", "[ip]", "who is refused, or whether this one is"),
    DOWNGRADE_THRESHOLD(
        "downgrade-threshold", "dt", "[share]", "average share of the single cap that slows down"),
    DOWNGRADE_START_CHECK(
        "downgrade-start-check", "t", "[seconds]", "age from which a session may be slowed down"),
    LIMIT_SPEED("limit-speed", "ls", "[Mb/s]", "cap of a slowed down session"),
    TOTAL_BANDWIDTH("total-bandwidth", "tb", "[Mb/s]", "cap of all sessions together"),
    SINGLE_BANDWIDTH("single-bandwidth", "sb", "[Mb/s]", "cap of one session"),
    USAGE("usage", "u", "", "the sessions, busiest first"),
    HEALTH("health", "H", "", "serving, draining, or why neither");

    private final String full;
    private final String brief;
    private final String arguments;
    private final String meaning;

    Command(String full, String brief, String arguments, String meaning) {
      this.full = full;
      this.brief = brief;
      this.arguments = arguments;
      this.meaning = meaning;
    }

    static Command of(String word) {
      return Stream.of(values())
          .filter(known -> known.full.equals(word) || known.brief.equals(word))
          .findFirst()
          .orElse(HELP);
    }
  }

  RelayConsole(
      RelayRules rules,
      AddressListFile blacklist,
      AddressListFile blocklist,
      Supplier<List<SessionReport>> sessions,
      Supplier<String> health) {
    this.rules = rules;
    this.blacklist = blacklist;
    this.blocklist = blocklist;
    this.sessions = sessions;
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
    try {
      return switch (Command.of(command.word())) {
        case HELP -> help();
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

  private static String help() {
    return Stream.of(Command.values())
        .map(known ->
            "%-48s %s%n"
                .formatted(
                    "%s(%s) %s".formatted(known.full, known.brief, known.arguments).strip(),
                    known.meaning))
        .collect(Collectors.joining());
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
    List<SessionReport> live =
        sessions.get().stream()
            .sorted(Comparator.comparingLong(SessionReport::bytesPerSecond).reversed())
            .toList();
    return live.stream().map(RelayConsole::line).collect(Collectors.joining());
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
