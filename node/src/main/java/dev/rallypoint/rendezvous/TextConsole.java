package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.config.HostAndPort;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.policy.RegistrationThrottle.HostUsage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.ConsoleCommand;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
 * What it changes lasts until the node restarts. Safe for all threads.
 */
final class TextConsole {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int DEFAULT_ROWS = 10;

  /** The first words of all commands. */
  static final Set<String> WORDS =
      Stream.of(Command.values())
          .flatMap(command -> Stream.of(command.full, command.brief))
          .collect(Collectors.toUnmodifiableSet());

  private final PunchContext punch;
  private final ActorRef<Registrar.Command> registrar;
  private final Scheduler scheduler;
  private final Supplier<String> metrics;

  private enum Command {
    HELP("help", "h", "", ""),
    RELAY_SERVERS(
        "relay-servers",
        "rs",
        "[<host>,<host>...|-]",
        "show or set the relays named to clients; - names none"),
    RELOAD_GEO("reload-geo", "rg", "", "no effect: relays are chosen in turn, not by place"),
    IP_BLOCKER(
        "ip-blocker", "ib", "[<ip>|<number>] [-]", "registrations by address; - forgets them"),
    IP_CHANGES(
        "ip-changes", "ic", "[<id>|<number>] [-]", "ids that changed their ip; - forgets them"),
    PUNCH_REQUESTS(
        "punch-requests", "pr", "[<number>] [-]", "the last punch requests; - forgets them"),
    ALWAYS_USE_RELAY(
        "always-use-relay", "aur", "[Y|N]", "show or set whether peers never connect directly"),
    TEST_GEO("test-geo", "tg", "<ip1> [<ip2>]", "the relay that two such peers would be given now"),
    STATS("stats", "st", "", "all counters of this node");

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

  /**
   * @param metrics all counters as text
   */
  TextConsole(
      PunchContext punch,
      ActorRef<Registrar.Command> registrar,
      Scheduler scheduler,
      Supplier<String> metrics) {
    this.punch = punch;
    this.registrar = registrar;
    this.scheduler = scheduler;
    this.metrics = metrics;
  }

  /** Carries a command out; the answer is text that ends with a newline. */
  CompletionStage<String> answer(ConsoleCommand command) {
    List<String> arguments = command.arguments();
    boolean forget = !arguments.isEmpty() && arguments.getLast().equals("-");
    Optional<String> first = arguments.stream().findFirst().filter(word -> !word.equals("-"));
    return switch (Command.of(command.word())) {
      case HELP -> done(help());
      case RELAY_SERVERS -> done(relayServers(arguments));
      case RELOAD_GEO -> done("relays are chosen in turn, not by place: nothing to load\n");
      case IP_BLOCKER -> ipBlocker(first, forget);
      case IP_CHANGES -> ipChanges(first, forget);
      case PUNCH_REQUESTS -> done(punchRequests(first, forget));
      case ALWAYS_USE_RELAY -> done(alwaysUseRelay(first));
      case TEST_GEO -> done(testGeo(first));
      case STATS -> done(metrics.get());
    };
  }

  private static String help() {
    return Stream.of(Command.values())
        .filter(command -> command != Command.HELP)
        .map(command ->
            "%-43s %s%n"
                .formatted(
                    "%s(%s) %s".formatted(command.full, command.brief, command.arguments).strip(),
                    command.meaning))
        .collect(Collectors.joining());
  }

  private String relayServers(List<String> arguments) {
    if (!arguments.isEmpty()) {
      List<String> names =
          Arrays.stream(String.join(",", arguments).split(","))
              .map(String::strip)
              .filter(name -> !name.isEmpty() && !name.equals("-"))
              .toList();
      Optional<String> wrong =
          names.stream().filter(name -> HostAndPort.parse(name).isEmpty()).findFirst();
      if (wrong.isPresent()) {
        return "not a host or host:port: " + wrong.get() + "\n";
      }
      punch.relays().replace(names);
    }
    List<String> names = punch.relays().names();
    List<RelayNode> nodes = punch.relays().namedNodes();
    if (!names.isEmpty()) {
      return names.stream()
          .map(n -> n + (punch.relays().answers(n) ? "\n" : " (does not answer)\n"))
          .collect(Collectors.joining());
    }
    return nodes.isEmpty()
        ? "none: each client uses this server's host\n"
        : nodes.stream()
            .map(n ->
                "%s %d sessions%s%n"
                    .formatted(n.name(), n.sessions(), n.isDraining() ? " (draining)" : ""))
            .collect(Collectors.joining());
  }

  private CompletionStage<String> ipBlocker(Optional<String> first, boolean forget) {
    Optional<PeerAddress> host = first.filter(word -> !isNumber(word)).flatMap(TextConsole::ip);
    if (host.isEmpty() && first.isPresent() && !isNumber(first.get())) {
      return done("not an ip: " + first.get() + "\n");
    }
    return this.<List<HostUsage>>ask(
            replyTo -> new Registrar.ShowHosts(host, rows(first), forget, replyTo))
        .thenApply(hosts ->
            hosts.stream()
                .map(h ->
                    "%s %d/min %d new ids/day%n".formatted(h.host().ip(), h.messages(), h.newIds()))
                .collect(Collectors.collectingAndThen(Collectors.joining(), this::orNone)));
  }

  private CompletionStage<String> ipChanges(Optional<String> first, boolean forget) {
    Optional<PeerId> id =
        first.filter(word -> !isNumber(word) || word.length() >= 6).flatMap(PeerId::parse);
    if (id.isPresent()) {
      return this.<Map<String, Integer>>ask(
              replyTo -> new Registrar.ShowIpsOf(id.get(), forget, replyTo))
          .thenApply(this::lines);
    }
    return this.<Map<PeerId, Integer>>ask(
            replyTo -> new Registrar.ShowIpChanges(rows(first), forget, replyTo))
        .thenApply(this::lines);
  }

  private String punchRequests(Optional<String> first, boolean forget) {
    String text =
        punch.log().newest(rows(first)).stream()
            .map(p -> "%s %s -> %s %s%n".formatted(p.at(), p.requester(), p.target(), p.outcome()))
            .collect(Collectors.collectingAndThen(Collectors.joining(), this::orNone));
    if (forget) {
      punch.log().clear();
    }
    return text;
  }

  private String alwaysUseRelay(Optional<String> first) {
    if (first.isPresent() && !first.get().matches("[YyNn]")) {
      return "always-use-relay [Y|N]\n";
    }
    first
        .map(word -> word.equalsIgnoreCase("Y"))
        .ifPresent(always ->
            punch
                .rules()
                .updateAndGet(old -> new PunchPolicy.Rules(always, old.lan(), old.localIp())));
    return "ALWAYS_USE_RELAY: %s%n".formatted(punch.rules().get().alwaysUseRelay() ? "Y" : "N");
  }

  private String testGeo(Optional<String> first) {
    if (first.flatMap(TextConsole::ip).isEmpty()) {
      return "test-geo <ip1> [<ip2>]\n";
    }
    String relay = punch.relays().next();
    return relay.isEmpty() ? "none: each client uses this server's host\n" : relay + "\n";
  }

  private String lines(Map<?, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
        .collect(Collectors.collectingAndThen(Collectors.joining(), this::orNone));
  }

  private String orNone(String text) {
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
    if (!text.matches("[0-9a-fA-F:.]+")) {
      return Optional.empty(); // a name would be looked up in DNS
    }
    try {
      return Optional.of(PeerAddress.of(InetAddress.getByName(text), 0));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static CompletionStage<String> done(String text) {
    return CompletableFuture.completedStage(text);
  }
}
