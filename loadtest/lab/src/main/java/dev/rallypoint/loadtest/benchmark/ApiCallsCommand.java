package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import dev.rallypoint.protocol.identity.PublicKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code bench-api-calls}: what the API's heartbeats of clients cost the node, over the
 * ID server and by HTTP.
 */
@Command(
    name = "bench-api-calls",
    sortOptions = false,
    header = "Measures what clients' API calls cost a node.",
    description = {
      "Each call is a new connection, as clients make it: with a KeyExchange to the ID server, or",
      "by HTTP to api-port. Exit code 1 when a call gets another answer than 404; with --api, when",
      "it gets another one than 200."
    })
public final class ApiCallsCommand implements Callable<Integer> {
  private static final int PORTS = 8;
  private static final int WARM_UP_SECONDS = 5;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "Calls a second; 10,000 idle clients make 670. Default: ${DEFAULT-VALUE}")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "15",
      description = "How long each way is measured, after 5 s. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(names = "--api", description = "The node serves the API; without it the answer is 404.")
  private boolean api;

  private final PrintStream out;

  /**
   * @param out gets the table
   */
  public ApiCallsCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = TemporaryFolder.create("api-calls");
    int idServer = FreePorts.first(PORTS) + 2;
    Path data = Files.createDirectories(folder.resolve("node"));
    boolean isRight = true;
    try (NodeProcess node =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(),
                launcher.path(),
                data,
                List.of(
                    "port=" + idServer,
                    "bind=127.0.0.1",
                    "api-port=" + (idServer - 2),
                    "roles=rendezvous,relay" + (api ? ",api" : "")),
                Map.of(),
                folder.resolve("node.log")))) {
      PublicKey server = PublicKey.parse(node.awaitKey()).orElseThrow();
      out.println("call        calls/s    wrong  CPU ms per call  CPU of 10,000 idle clients");
      for (ApiCall call : ApiCall.values()) {
        run(call, idServer, server, WARM_UP_SECONDS);
        double before = CpuTime.of(node.pid());
        int wrong = run(call, idServer, server, seconds);
        double each = (CpuTime.of(node.pid()) - before) * 1_000 / (rate * seconds);
        out.printf(
            Locale.ROOT,
            "%-10s  %7d  %7d  %15.3f  %19.0f %% of a core%n",
            call.name().toLowerCase(Locale.ROOT),
            rate,
            wrong,
            each,
            each * 10_000 / 15 / 10);
        isRight &= wrong == 0;
      }
    } finally {
      TemporaryFolder.delete(folder);
    }
    return isRight ? 0 : 1;
  }

  /** Makes calls at the rate; returns how many got another answer than they should. */
  private int run(ApiCall call, int idServer, PublicKey server, int time) {
    AtomicInteger wrong = new AtomicInteger();
    long start = System.nanoTime();
    long gap = Duration.ofSeconds(1).toNanos() / rate;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < rate * time; i++) {
        LockSupport.parkNanos(start + i * gap - System.nanoTime());
        threads.execute(() -> {
          try {
            if (call.status(idServer, server) != (api ? OK : NOT_FOUND)) {
              wrong.incrementAndGet();
            }
          } catch (IOException e) {
            wrong.incrementAndGet();
          }
        });
      }
    }
    return wrong.get();
  }
}
