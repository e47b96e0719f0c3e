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
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/**
 * The ID server's text console: hbbs's commands, with their long and short names, one line each.
 * What it changes lasts until the node restarts.
 */
final class TextConsole {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int DEFAULT_ROWS = 10;
  private static final String HELP =
      """
      relay-servers(rs) [<host>,<host>...|-]      show or set the relays named to clients; - names none
      reload-geo(rg)                              no effect: relays are chosen in turn, not by place
      ip-blocker(ib) [<ip>|<number>] [-]          registrations by address; - forgets them
      ip-changes(ic) [<id>|<number>] [-]          ids that changed their ip; - forgets them
      punch-requests(pr) [<number>] [-]           the last punch requests; - forgets them
      always-use-relay(aur) [Y|N]                 show or set whether peers never connect directly
      test-geo(tg) <ip1> [<ip2>]                  the relay that two such peers would be given now
      stats(st)                                   all counters of this node
      """;

  /** The words that begin a command. */
  static final Set<String> WORDS =
      Set.of(
          "h",
          "help",
          "relay-servers",
          "rs",
          "reload-geo",
          "rg",
          "ip-blocker",
          "ib",
          "ip-changes",
          "ic",
          "punch-requests",
          "pr",
          "always-use-relay",
          "aur",
          "test-geo",
          "tg",
          "stats",
          "st");

  private final Rendezvous rendezvous;
  private final ActorRef<Registrar.Command> registrar;
  private final Scheduler scheduler;
  private final Supplier<String> metrics;

  /**
   * @param metrics all counters as text
   */
  TextConsole(
      Rendezvous rendezvous,
      ActorRef<Registrar.Command> registrar,
      Scheduler scheduler,
      Supplier<String> metrics) {
    this.rendezvous = rendezvous;
    this.registrar = registrar;
    this.scheduler = scheduler;
    this.metrics = metrics;
  }

  /** Does what a line says and gives the text to answer, which ends with a newline. */
  CompletionStage<String> answer(ConsoleCommand command) {
    List<String> arguments = command.arguments();
    boolean forget = !arguments.isEmpty() && arguments.getLast().equals("-");
    Optional<String> first = arguments.stream().findFirst().filter(word -> !word.equals("-"));
    return switch (command.word()) {
      case "h", "help" -> done(HELP);
      case "relay-servers", "rs" -> done(relayServers(arguments));
      case "reload-geo", "rg" -> done("relays are chosen in turn, not by place: nothing to load\n");
      case "ip-blocker", "ib" -> ipBlocker(first, forget);
      case "ip-changes", "ic" -> ipChanges(first, forget);
      case "punch-requests", "pr" -> done(punchRequests(first, forget));
      case "always-use-relay", "aur" -> done(alwaysUseRelay(first));
      case "test-geo", "tg" -> done(testGeo(first));
      case "stats", "st" -> done(metrics.get());
      default -> done("unknown command; h shows all\n");
    };
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
      rendezvous.relays().replace(names);
    }
    List<String> names = rendezvous.relays().names();
    List<RelayNode> nodes = rendezvous.relays().namedNodes();
    if (!names.isEmpty()) {
      return names.stream()
          .map(n -> n + (rendezvous.relays().answers(n) ? "\n" : " (does not answer)\n"))
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
        rendezvous.punches().newest(rows(first)).stream()
            .map(p -> "%s %s -> %s %s%n".formatted(p.at(), p.requester(), p.target(), p.outcome()))
            .collect(Collectors.collectingAndThen(Collectors.joining(), this::orNone));
    if (forget) {
      rendezvous.punches().clear();
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
            rendezvous
                .rules()
                .updateAndGet(old -> new PunchPolicy.Rules(always, old.lan(), old.localIp())));
    return "ALWAYS_USE_RELAY: %s%n"
        .formatted(rendezvous.rules().get().alwaysUseRelay() ? "Y" : "N");
  }

  private String testGeo(Optional<String> first) {
    if (first.flatMap(TextConsole::ip).isEmpty()) {
      return "test-geo <ip1> [<ip2>]\n";
    }
    String relay = rendezvous.relays().next();
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
    return AskPattern.ask(registrar, question, PATIENCE, scheduler);
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
