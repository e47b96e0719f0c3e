package dev.rallypoint.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.cli.CommandContext;
import dev.rallypoint.app.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a real process ends. */
class ProcessExitTest {
  /** How long a process may take to start, to fail and to end on a machine under load. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What is started: says when it is up, waits to be ended, and drains or fails to. */
  static final class Probe {
    private Probe() {}

    /** Takes what to do: {@code drain}, {@code fail}, or the code to end with by itself. */
    public static void main(String[] args) throws InterruptedException {
      ProcessExit exit = new ProcessExit();
      CountDownLatch stopped = new CountDownLatch(1);
      exit.onTermination(() -> {
        if (args[0].equals("fail")) {
          throw new IllegalStateException("cannot drain");
        }
        System.out.println("drained");
        if (args[0].equals("hang")) {
          System.out.println("hangs");
          waitForEver();
        }
        stopped.countDown();
      });
      System.out.println("up");
      if (Character.isDigit(args[0].charAt(0))) {
        exit.with(Integer.parseInt(args[0]));
      }
      stopped.await();
      exit.with(0);
    }
  }

  /** A whole node, in which a fault is planted once it is ready. */
  static final class BrokenNode {
    private BrokenNode() {}

    /** Takes the words of the command line, and the fault. */
    public static void main(String[] args) {
      ProcessExit exit = new ProcessExit();
      CommandContext context =
          new CommandContext(
              Path.of("").toAbsolutePath(),
              Map.of(),
              new PrintWriter(System.out, true),
              new PrintWriter(System.err, true),
              exit::onTermination,
              (settings, key, ending) -> {
                Node node = Node.start(settings, key, ending);
                plant(node.system(), args[args.length - 1]);
                return node;
              });
      Main.run(exit, context, Arrays.copyOf(args, args.length - 1));
    }

    private static void plant(ActorSystem<?> system, String fault) {
      if (fault.equals("missing")) {
        throw new NoClassDefFoundError("planted");
      } else if (fault.equals("poison")) {
        Adapter.toClassic(system)
            .actorSelection("/system/registrar")
            .tell("poison", ActorRef.noSender());
      } else {
        Behavior<Void> broken =
            Behaviors.setup(context -> {
              throw new InternalError("planted");
            });
        system.systemActorOf(broken, "broken", Props.empty());
      }
    }
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(String what) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                what))
        .start();
  }

  @Test
  void endsWith0AfterSigtermOnceItHasDrained() throws Exception {
    Process process = start("drain");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("drained");
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void goesOnAfterSighup() throws Exception {
    Process process = start("drain");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start();
      assertThat(kill.waitFor()).isZero();
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("drained");
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void endsAtOnceWhenItIsToldTwice() throws Exception {
    Process process = start("hang");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("drained");
      assertThat(out.readLine()).isEqualTo("hangs");
      process.toHandle().destroy();
      assertThat(process.waitFor()).isEqualTo(143);
    }
  }

  @Test
  void endsWith1WhenItCannotDrain() throws Exception {
    Process process = start("fail");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      process.toHandle().destroy();
      assertThat(process.errorReader().readLine()).contains("cannot drain");
    }
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void endsWith1AndOneLineAfterAJvmError(@TempDir Path folder) throws Exception {
    assertThat(outputOfEnded(folder, "error"))
        .containsOnlyOnce("rallypoint: the node stopped by itself: a JVM error");
  }

  @Test
  void endsWith1AndOneLineOnceAVitalPartHasFailed(@TempDir Path folder) throws Exception {
    assertThat(outputOfEnded(folder, "poison"))
        .containsOnlyOnce(
            "rallypoint: the node stopped by itself: its part registrar failed:"
                + " java.lang.ClassCastException")
        .doesNotContain("shutdown failed");
  }

  @Test
  void endsWith1WhenAClassIsMissingAfterTheNodeHasStarted(@TempDir Path folder) throws Exception {
    assertThat(outputOfEnded(folder, "missing"))
        .containsOnlyOnce(
            "rallypoint: the program cannot run: java.lang.NoClassDefFoundError: planted");
  }

  /** The output of a broken node, which has to end with 1; one that does not end is killed. */
  private static String outputOfEnded(Path folder, String fault) throws Exception {
    Path output = folder.resolve("output");
    Process process = startBroken(folder, fault, output);
    boolean hasEnded = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(output);
    assertThat(hasEnded).as("the process has ended: %s", said).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(1);
    return said;
  }

  private static Process startBroken(Path folder, String fault, Path output) throws IOException {
    int port = ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7;
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            BrokenNode.class.getName(),
            "serve",
            "--data",
            folder.resolve("data").toString(),
            "--port",
            String.valueOf(port),
            fault)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void endsWithTheCodeOfTheCommandOtherwise(String code) throws Exception {
    Process process = start(code);
    try (Stream<String> out = process.inputReader().lines()) {
      assertThat(out).containsExactly("up", "drained");
    }
    assertThat(process.waitFor()).isEqualTo(Integer.parseInt(code));
  }
}
