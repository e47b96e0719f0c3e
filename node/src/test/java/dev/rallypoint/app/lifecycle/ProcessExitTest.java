package dev.rallypoint.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.cli.CommandContext;
import dev.rallypoint.app.cli.Main;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a real process ends. */
class ProcessExitTest {

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

  /** A whole node, in whose actor system an error of Java's own comes up once it is ready. */
  static final class BrokenNode {
    private BrokenNode() {}

    /** Takes the words after {@code serve}. */
    public static void main(String[] args) {
      ProcessExit exit = new ProcessExit();
      CommandContext surroundings =
          new CommandContext(
              Path.of("").toAbsolutePath(),
              Map.of(),
              new PrintWriter(System.out, true),
              new PrintWriter(System.err, true),
              exit::onTermination,
              (settings, key, ending) -> {
                Node node = Node.start(settings, key, ending);
                Behavior<Void> broken =
                    Behaviors.setup(context -> {
                      throw new InternalError("planted");
                    });
                node.system().systemActorOf(broken, "broken", Props.empty());
                return node;
              });
      exit.with(Main.run(surroundings, args));
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
  void endsWith1AndOneLineAfterAnErrorOfJavasOwn(@TempDir Path folder) throws Exception {
    int port = ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BrokenNode.class.getName(),
                "serve",
                "--data",
                folder.toString(),
                "--port",
                String.valueOf(port))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isEqualTo(1);
    assertThat(output).containsOnlyOnce("rallypoint: the node stopped by itself: an error");
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
