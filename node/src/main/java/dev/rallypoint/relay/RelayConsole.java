package dev.rallypoint.relay;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.ConsoleEntry;
import dev.rallypoint.transport.HandlerFaults;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * hbbr's text console: a command, and a reply of some lines. It changes the relay's rules; what it
 * changes holds for all nodes of the cluster, is kept over restarts, and a changed list is in its
 * file before the reply is sent. It waits for the database, so it runs on a blocking dispatcher.
 */
public final class RelayConsole {
  /** All commands, by their names. */
  static final Map<String, Command> COMMANDS = ConsoleEntry.byName(Command.values());

  private static final double MEGABIT = 1024.0 * 1024.0;

  private final ConsoleMode mode;
  private final RelayRules rules;
  private final SharedRules shared;
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
      SharedRules shared,
      Supplier<List<SessionReport>> sessions,
      Supplier<String> metrics,
      Supplier<String> health) {
    this.mode = mode;
    this.rules = rules;
    this.shared = shared;
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
            change(arguments, AddressList::with, RuleName.BLACKLIST, rules.blacklist());
        case BLACKLIST_REMOVE ->
            change(arguments, RelayConsole::without, RuleName.BLACKLIST, rules.blacklist());
        case BLACKLIST -> show(arguments, rules.blacklist());
        case BLOCKLIST_ADD ->
            change(arguments, AddressList::with, RuleName.BLOCKLIST, rules.blocklist());
        case BLOCKLIST_REMOVE ->
            change(arguments, RelayConsole::without, RuleName.BLOCKLIST, rules.blocklist());
        case BLOCKLIST -> show(arguments, rules.blocklist());
        case SINGLE_BANDWIDTH -> setting(arguments, RuleName.SINGLE_BANDWIDTH, "Mb/s");
        case TOTAL_BANDWIDTH -> setting(arguments, RuleName.TOTAL_BANDWIDTH, "Mb/s");
        case LIMIT_SPEED -> setting(arguments, RuleName.LIMIT_SPEED, "Mb/s");
        case DOWNGRADE_THRESHOLD -> setting(arguments, RuleName.DOWNGRADE_THRESHOLD, "");
        case DOWNGRADE_START_CHECK -> setting(arguments, RuleName.DOWNGRADE_START_CHECK, "s");
        case USAGE -> usage();
        case STATS -> metrics.get();
        case HEALTH -> health.get();
      };
    } catch (SettingException e) {
      return e.getMessage() + "\n";
    }
  }

  private String change(
      List<String> arguments,
      BiFunction<AddressList, String, AddressList> step,
      RuleName name,
      AddressList list) {
    List<String> entries = split(arguments);
    return changed(
        name,
        before -> {
          AddressList changed = before.map(name::list).orElse(list);
          for (String entry : entries) {
            changed = step.apply(changed, entry);
          }
          return RelayRuleBook.text(changed);
        },
        value -> name.list(value).entries().size() + " in the list\n");
  }

  /**
   * Changes a rule on all nodes; a line for each that does not have it now.
   *
   * @param edit makes the new value of that of the rule, if there is a rule
   * @param shown what is told of the new value
   */
  private String changed(
      RuleName name, Function<Optional<String>, String> edit, Function<String, String> shown) {
    return shared
        .change(
            name.text(),
            before -> {
              String value = edit.apply(before);
              name.check(value);
              return value;
            },
            WallClock.SYSTEM)
        .thenApply(outcome -> lines(outcome) + shown.apply(outcome.rule().value()))
        .exceptionally(RelayConsole::refusal)
        .toCompletableFuture()
        .join();
  }

  private static String refusal(Throwable failure) {
    Throwable cause = Failures.cause(failure);
    return (cause instanceof SettingException ? "" : "nothing changed: ")
        + cause.getMessage()
        + "\n";
  }

  private static String lines(SharedRules.Outcome outcome) {
    return Stream.concat(
            outcome.refusals().stream().map(line -> "not in force on " + line),
            outcome.missing().stream()
                .map(node -> node + " does not answer and will learn it later"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
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
  private String setting(List<String> arguments, RuleName name, String unit) {
    Supplier<String> now = () -> name.of(rules.speeds().settings()) + unit + "\n";
    return arguments.isEmpty()
        ? now.get()
        : changed(name, before -> arguments.getFirst(), value -> now.get());
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
