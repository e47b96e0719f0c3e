package dev.rallypoint.loadtest.smoke;

import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import dev.rallypoint.loadtest.peer.ConnectFailure;
import dev.rallypoint.loadtest.peer.PeerBuilder;
import dev.rallypoint.loadtest.peer.SimulatedPeer;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.settings.Transport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code smoke}: one node and two clients on this machine, which register, meet
 * directly and over the relay; then the node is stopped.
 */
@Command(
    name = "smoke",
    sortOptions = false,
    header = "Tries one node on this machine: registration, punch, relay, health, stop.",
    description = {
      "The node takes free ports of 127.0.0.1. Exit code 1 when a step fails. It is how the build",
      "of the packages records a start for Java's cache, and how it tries what it has built."
    })
public final class SmokeCommand implements Callable<Integer> {
  private static final int PORTS = 8;
  private static final Duration STEP = Duration.ofSeconds(30);

  /** Java may write a cache of classes when it ends, which takes up to a minute. */
  private static final long STOP_SECONDS = 180;

  private static final long BYTES = 1_000_000;
  private static final int OK = 200;
  private static final int FIRST_ID = 100_000_001;

  /** The ids of one round. */
  private static final int IDS = 5;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "The data folder of the node; a temporary one by default.")
  private @Nullable Path data;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "How often other clients register and meet, 1 by default. The more of them, the more of the",
        "node's code is known as often used to a cache that Java writes."
      })
  private int rounds;

  private final PrintStream out;

  /**
   * @param out gets one line for each step
   */
  public SmokeCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = TemporaryFolder.create("smoke");
    Path own = data == null ? Files.createDirectories(folder.resolve("data")) : data;
    Path log = folder.resolve("node.log");
    int port = FreePorts.first(PORTS) + 2;
    long begin = System.nanoTime();
    try (NodeProcess node =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                launcher.path(),
                own,
                List.of("port=" + port, "bind=127.0.0.1"),
                Map.of(),
                log))) {
      String key = node.awaitKey();
      out.printf("ready after %d ms%n", Duration.ofNanos(System.nanoTime() - begin).toMillis());
      run(port, key);
      int code = node.stop(STOP_SECONDS);
      out.println("stopped with exit code " + code);
      return code == 0 ? 0 : 1;
    } catch (ConnectFailure | TimeoutException | IllegalStateException e) {
      out.println("failed: " + e.getMessage());
      Files.readAllLines(log).forEach(out::println);
      return 1;
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private void run(int port, String key)
      throws IOException, ConnectFailure, TimeoutException, InterruptedException {
    for (int round = 0; round < rounds; round++) {
      meet(port, key, FIRST_ID + round * IDS);
    }
    check(port, "/livez");
    check(port, "/readyz");
    check(port, "/metrics");
  }

  private void meet(int port, String key, int id)
      throws IOException, ConnectFailure, TimeoutException, InterruptedException {
    try (SimulatedPeer target = peer(id, port, key).start();
        SimulatedPeer requester = peer(id + 1, port, key).transport(Transport.TCP).start();
        SimulatedPeer web = peer(id + 2, port, key).transport(Transport.WS).start()) {
      target.awaitRegistered(STEP);
      requester.awaitRegistered(STEP);
      web.awaitRegistered(STEP);
      out.println("registered by UDP, TCP and WebSocket");
      requester.testNat();
      requester.queryOnline(List.of(target.id()));
      carry(requester.connect(target.id()));
      carry(web.connect(target.id()));
    }
    relay(port, key, id + 3);
  }

  private static PeerBuilder peer(int id, int port, String key) {
    return SimulatedPeer.named(String.valueOf(id)).server("127.0.0.1", port).key(key);
  }

  /** A logged-in requester asks over an encrypted link. */
  private void relay(int port, String key, int id)
      throws IOException, ConnectFailure, TimeoutException, InterruptedException {
    PeerBuilder second = peer(id + 1, port, key).requesterOnly().token("token").forceRelay();
    try (SimulatedPeer target = peer(id, port, key).start();
        SimulatedPeer requester = second.start()) {
      target.awaitRegistered(STEP);
      carry(requester.connect(target.id()));
    }
  }

  private void carry(Session session) throws IOException {
    try (session) {
      if (!session.exchange(BYTES).isIntact()) {
        throw new IllegalStateException("bytes were changed on the way: " + session.path());
      }
      out.println("a session: " + session.path());
    }
  }

  private void check(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + (port + 4) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode();
      if (status != OK) {
        throw new IllegalStateException(path + " answers " + status);
      }
    }
    out.println(path + " answers 200");
  }
}
