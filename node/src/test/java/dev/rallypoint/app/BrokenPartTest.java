package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each part of a node, broken: the program ends with exit code 1 and names the part. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenPartTest {
  private static final int ATTEMPTS = 50;

  @RegisterExtension final PlantedFaults faults = new PlantedFaults(VitalPart.class);
  @TempDir private Path folder;

  /** Sends an actor, named by a pattern, a message of a type that no actor takes. */
  private static void poison(ActorSystem<?> system, String pattern) {
    Adapter.toClassic(system)
        .actorSelection("/system/" + pattern)
        .tell("poison", ActorRef.noSender());
  }

  private static void interrupt(String thread) {
    List<Thread> found =
        Thread.getAllStackTraces().keySet().stream()
            .filter(running -> running.getName().equals(thread))
            .toList();
    assertThat(found).as(thread).hasSize(1);
    found.getFirst().interrupt();
  }

  private String serve(String... more) {
    Shell shell = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Path data = folder.resolve("data-" + attempt);
      data.toFile().mkdirs();
      shell = new Shell(data);
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7;
      shell.starter =
          (settings, key, ending) -> {
            Node node = Node.start(settings, key, ending);
            breakPart.accept(node.system(), port);
            return node;
          };
      String[] serve =
          Stream.concat(
                  Stream.of("serve", "--data", data.toString(), "--port", String.valueOf(port)),
                  Stream.of(more))
              .toArray(String[]::new);
      if (shell.run(serve) == 1) {
        return shell.err();
      }
    }
    throw new AssertionError(shell.err());
  }

  private interface Fault {
    void accept(ActorSystem<?> system, int port);
  }

  private Fault breakPart = (system, port) -> {};

  private void expectLine(String err, String part, String cause) {
    assertThat(err.lines().filter(line -> line.contains("stopped by itself")))
        .singleElement()
        .asString()
        .startsWith(
            "rallypoint: the node stopped by itself: its part " + part + " failed: " + cause);
    assertThat(faults.errors()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "registrar,         registrar",
    "lease-responder, lease-responder",
    "other-nodes, other-nodes",
    "punch-answers, punch-answers",
    "udp-sender, udp-sender",
    "relay-health-check, relay-health-check",
    "relay-legs,        relay-legs-*",
    "relay-console,     relay-console-*",
    "relay-node-legs-registry, relay-node-legs-registry-*",
    "relay-directory,   relay-directory-*"
  })
  void anActorThatGetsAMessageOfAWrongType(String part, String pattern) {
    breakPart = (system, port) -> poison(system, pattern);

    // With one relay or none its answers are looked at only where the console may name more.
    expectLine(serve("--set", "console=Y"), part, "java.lang.ClassCastException");
  }

  @ParameterizedTest
  @CsvSource({
    "udp-port, rallypoint-udp-, 0, java.lang.IllegalStateException: interrupted",
    "connections, connections-, 0, java.lang.IllegalStateException: interrupted",
    "port,     accept-,        -1, java.nio.channels.ClosedByInterruptException",
    "port,     accept-,         0, java.nio.channels.ClosedByInterruptException",
    "port,     accept-,         2, java.nio.channels.ClosedByInterruptException",
    "port,     accept-,         3, java.nio.channels.ClosedByInterruptException",
    "relay-port, accept-,       1, java.nio.channels.ClosedByInterruptException"
  })
  void aThreadThatIsInterrupted(String part, String thread, int offset, String cause) {
    int[] broken = new int[1];
    breakPart =
        (system, port) -> {
          broken[0] = port + offset;
          interrupt(thread + broken[0]);
        };

    String err = serve();
    boolean isOneOfSeveral = part.equals("port") || part.equals("connections");
    expectLine(err, isOneOfSeveral ? part + "-" + broken[0] : part, cause);
  }

  @ParameterizedTest
  @CsvSource("certificate-watch")
  void theWatchOfACertificate(String part) throws Exception {
    Path files = Files.createDirectory(folder.resolve("tls"));
    TestCertificate.of("localhost", "EC").writeTo(files);
    breakPart = (system, port) -> poison(system, part);

    String err =
        serve(
            "--set",
            "tls-certificate=" + files.resolve("chain.pem"),
            "--set",
            "tls-key=" + files.resolve("key.pem"));

    expectLine(err, part, "java.lang.ClassCastException");
  }

  @ParameterizedTest
  @CsvSource({"identity", "cluster-port", "backhaul-port"})
  void whatANodeOfAClusterHasBeside(String part) {
    int[] cluster = new int[1];
    breakPart =
        (system, port) -> {
          switch (part) {
            case "cluster-port" -> interrupt("accept-" + (cluster[0] - 1));
            case "backhaul-port" -> interrupt("accept-" + cluster[0]);
            default -> poison(system, part);
          }
        };
    cluster[0] = ThreadLocalRandom.current().nextInt(31_000, 32_000);
    String err =
        serve(
            "--set",
            "db-url=" + TestPostgres.database(),
            "--cluster-host",
            "127.0.0.1",
            "--cluster-port",
            String.valueOf(cluster[0] - 1));

    expectLine(err, part, "java");
  }
}
