package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.policy.limit.RegistrationThrottle.HostUsage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.ConsoleEntry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/**
 * The ID server's text console: hbbs's commands, one line each, with their long and short names.
 * The relays and always-use-relay are changed for all nodes, and kept over restarts. Safe for all
 * threads.
 */
final class TextConsole {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int DEFAULT_ROWS = 10;
  private static final String NO_RELAY = "none: each client uses this server's host\n";

  /** All commands, by their names. */
  static final Map<String, Command> COMMANDS = ConsoleEntry.byName(Command.values());

  private final ConsoleMode mode;
  private final PunchContext punch;
  private final ActorRef<Registrar.Command> registrar;
  private final Scheduler scheduler;
  private final SharedRules rules;
  private final Supplier<String> metrics;
  private final Supplier<String> health;

  enum Command implements ConsoleEntry {
    HELP("h", "", "this text", Effect.NONE),
    RELAY_SERVERS(
        "rs",
        "[<host>,<host>...|-]",
        "show or set the relays named to clients; - names none",
        Effect.WITH_ARGUMENTS),
    RELOAD_GEO("rg", "", "no effect: relays are chosen in turn, not by place", Effect.NONE),
    IP_BLOCKER(
        "ib", "[<ip>|<number>] [-]", "registrations by address; - forgets them", Effect.WITH_DASH),
    IP_CHANGES(
        "ic", "[<id>|<number>] [-]", "ids that changed their ip; - forgets them", Effect.WITH_DASH),
    PUNCH_REQUESTS(
        "pr", "[<number>] [-]", "the last punch requests; - forgets them", Effect.WITH_DASH),
    ALWAYS_USE_RELAY(
        "aur", "[Y|N]", "show or set whether peers never connect directly", Effect.WITH_ARGUMENTS),
    TEST_GEO(
        "tg", "<ip1> [<ip2>]", "the relay that two such peers would be given now", Effect.NONE),
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

  /** The console of a node with its counters as text, and whether it takes work. */
  TextConsole(
      ConsoleMode mode,
      PunchContext punch,
      ActorRef<Registrar.Command> registrar,
      Scheduler scheduler,
      SharedRules rules,
      Supplier<String> metrics,
      Supplier<String> health) {
    this.mode = mode;
    this.punch = punch;
    this.registrar = registrar;
    this.scheduler = scheduler;
    this.rules = rules;
    this.metrics = metrics;
    this.health = health;
  }

  /**
   * The commands that a client may give. A node that is bound to one ip is asked for its health
   * there, and from there.
   *
   * @param mode whether there is a console
   * @param here where the node is bound
   */
  static Set<String> commandsOf(ClientConnection client, ConsoleMode mode, InetSocketAddress here) {
    if (client.mayUseConsole()) {
      return mode != ConsoleMode.OFF ? COMMANDS.keySet() : ConsoleCommand.HEALTH_ONLY;
    }
    boolean isFromHere = client.peer().isSameHost(PeerAddress.of(here));
    return isFromHere && !client.isProxied() ? ConsoleCommand.HEALTH_ONLY : Set.of();
  }

  /** Carries a command out; the answer is text that ends with a newline. */
  CompletionStage<String> answer(ConsoleCommand command) {
    List<String> arguments = command.arguments();
    boolean forget = !arguments.isEmpty() && arguments.getLast().equals("-");
    Optional<String> first = arguments.stream().findFirst().filter(word -> !word.equals("-"));
    Command known = COMMANDS.getOrDefault(command.name(), Command.HELP);
    Optional<String> refusal = known.refusal(mode, arguments);
    if (refusal.isPresent()) {
      return done(refusal.get());
    }
    return switch (known) {
      case HELP -> done(ConsoleEntry.help(Command.values()));
      case RELAY_SERVERS -> relayServers(arguments);
      case RELOAD_GEO -> done("relays are chosen in turn, not by place: nothing to load\n");
      case IP_BLOCKER -> ipBlocker(first, forget);
      case IP_CHANGES -> ipChanges(first, forget);
      case PUNCH_REQUESTS -> done(punchRequests(first, forget));
      case ALWAYS_USE_RELAY -> alwaysUseRelay(first);
      case TEST_GEO -> done(testGeo(first));
      case STATS -> done(metrics.get());
      case HEALTH -> done(health.get());
    };
  }

  private CompletionStage<String> relayServers(List<String> arguments) {
    if (arguments.isEmpty()) {
      return done(relayServers());
    }
    String value = String.join(",", RuleName.relaysOf(arguments));
    Optional<String> wrong = RuleName.wrongRelay(value);
    return wrong.isPresent()
        ? done("not a host or host:port: " + wrong.get() + "\n")
        : change(RuleName.RELAY_SERVERS, value.isEmpty() ? "-" : value, this::relayServers);
  }

  private String relayServers() {
    List<String> names = punch.relays().names();
    List<RelayNode> nodes = punch.relays().namedNodes();
    if (names.isEmpty() && nodes.isEmpty()) {
      return NO_RELAY;
    }
    Stream<String> lines =
        names.isEmpty()
            ? nodes.stream().map(TextConsole::line)
            : names.stream()
                .map(n -> n + (punch.relays().answers(n) ? "\n" : " (does not answer)\n"));
    return lines.collect(Collectors.joining());
  }

  /** Changes a rule on all nodes, and shows what holds then. */
  private CompletionStage<String> change(RuleName name, String value, Supplier<String> shown) {
    return rules
        .change(name.text(), value, punch.timing().wallClock())
        .thenApply(outcome ->
            outcome.missing().stream()
                    .map(node -> node + " does not answer and will learn it later\n")
                    .collect(Collectors.joining())
                + shown.get())
        .exceptionally(
            failure -> "nothing changed: " + Failures.cause(failure).getMessage() + "\n");
  }

  private static String line(RelayNode node) {
    String state = node.isDraining() ? " (draining)" : "";
    return "%s %d sessions%s%n".formatted(node.name(), node.sessions(), state);
  }

  private CompletionStage<String> ipBlocker(Optional<String> first, boolean forget) {
    Optional<PeerAddress> host = first.filter(word -> !isNumber(word)).flatMap(TextConsole::ip);
    if (host.isEmpty() && first.isPresent() && !isNumber(first.get())) {
      return done("not an ip: " + first.get() + "\n");
    }
    return this.<List<HostUsage>>ask(
            replyTo -> new Registrar.ShowHosts(host, rows(first), forget, replyTo))
        .thenApply(hosts ->
            orNone(
                hosts.stream()
                    .map(h ->
                        "%s %d/min %d new ids/day%n"
                            .formatted(h.host().ip(), h.messages(), h.newIds()))));
  }

  private CompletionStage<String> ipChanges(Optional<String> first, boolean forget) {
    Optional<PeerId> id =
        first.filter(word -> !isNumber(word) || word.length() >= 6).flatMap(PeerId::parse);
    if (id.isPresent()) {
      return this.<Map<String, Integer>>ask(
              replyTo -> new Registrar.ShowIpsOf(id.get(), forget, replyTo))
          .thenApply(TextConsole::lines);
    }
    return this.<Map<PeerId, Integer>>ask(
            replyTo -> new Registrar.ShowIpChanges(rows(first), forget, replyTo))
        .thenApply(TextConsole::lines);
  }

  private String punchRequests(Optional<String> first, boolean forget) {
    String text =
        orNone(
            punch.log().newest(rows(first)).stream()
                .map(p ->
                    "%s %s -> %s %s%n".formatted(p.at(), p.requester(), p.target(), p.outcome())));
    if (forget) {
      punch.log().clear();
    }
    return text;
  }

  private CompletionStage<String> alwaysUseRelay(Optional<String> first) {
    if (first.isEmpty()) {
      return done(alwaysUseRelay());
    }
    String word = first.get().toUpperCase(Locale.ROOT);
    return word.equals("Y") || word.equals("N")
        ? change(RuleName.ALWAYS_USE_RELAY, word, this::alwaysUseRelay)
        : done("always-use-relay [Y|N]\n");
  }

  private String alwaysUseRelay() {
    return "ALWAYS_USE_RELAY: %s%n".formatted(punch.rules().get().alwaysUseRelay() ? "Y" : "N");
  }

  private String testGeo(Optional<String> first) {
    if (first.flatMap(TextConsole::ip).isEmpty()) {
      return "test-geo <ip1> [<ip2>]\n";
    }
    String relay = punch.relays().next();
    return relay.isEmpty() ? NO_RELAY : relay + "\n";
  }

  private static String lines(Map<?, Integer> counts) {
    return orNone(counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue() + "\n"));
  }

  private static String orNone(Stream<String> lines) {
    String text = lines.collect(Collectors.joining());
    return text.isEmpty() ? "none\n" : text;
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, Registrar.Command> question) {
    return AskPattern.ask(registrar, question, TIMEOUT, scheduler);
  }

  private static boolean isNumber(String word) {
    return word.matches("\\d{1,9}");
  }

  private static int rows(Optional<String> first) {
    return first.filter(TextConsole::isNumber).map(Integer::parseInt).orElse(DEFAULT_ROWS);
  }

  private static Optional<PeerAddress> ip(String text) {
    try {
      return Optional.of(PeerAddress.of(InetAddress.ofLiteral(text), 0));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CompletionStage<String> done(String text) {
    return CompletableFuture.completedStage(text);
  }
}
