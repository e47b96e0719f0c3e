package dev.rallypoint.loadtest.gatling.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.FiguresReader;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import dev.rallypoint.loadtest.gatling.merge.LogMerge;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer.Faults;
import dev.rallypoint.loadtest.gatling.simulation.TwoBeatsSimulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs of two real runs, merged. */
class MergedRunTest {
  @TempDir private static Path results;
  private static Path first = Path.of("");
  private static Path second = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void runTwice() throws IOException {
    first = run(1, Faults.NONE);
    // One beat in 20 is not answered: the last of the second run.
    second = run(2, new Faults(20, 0, false));
  }

  private static Path run(int generator, Faults faults) throws IOException {
    try (ScriptedServer server = new ScriptedServer(faults)) {
      System.setProperty("test.port", Integer.toString(server.port()));
      System.setProperty("test.generator", Integer.toString(generator));
      return new Launcher(results.resolve("g" + generator), false)
          .run(TwoBeatsSimulation.class)
          .folder();
    }
  }

  private record Said(int code, String errors) {}

  private Said merge(String... arguments) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int code = MergeFiguresCommand.execute(arguments);
      return new Said(code, errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void twoRunsBecomeOneReportWhoseLimitsAreJudgedAgain() throws IOException {
    Path merged = folder.resolve("merged");

    Said said = merge(first.toString(), second.toString(), "--into", merged.toString());

    RunResult read = FiguresReader.read(merged.resolve(FiguresJson.FILE));
    RequestSummary beats = Objects.requireNonNull(read.requests().get("heartbeat"));
    assertThat(beats.ok()).isEqualTo(39);
    assertThat(beats.ko()).isEqualTo(1);
    // Of all, of "register" and "heartbeat", by the report.
    assertThat(merged.resolve("index.html"))
        .content()
        .contains("total col-2\">60</td>", "total col-2\">20</td>", "total col-2\">40</td>");
    // The assertion of the simulation on the merged log; the limits are broken too.
    assertThat(said.code()).isEqualTo(ExitCode.ASSERTION_FAILED);
    assertThat(read.verdicts()).hasSize(2).noneMatch(verdict -> verdict.held());
  }

  @Test
  void aRunMergedWithItselfPasses() {
    Said said = merge(first.toString(), first.toString(), "--into", folder.resolve("m").toString());

    assertThat(said).isEqualTo(new Said(ExitCode.OK, ""));
  }

  @Test
  void aLogThatIsCutOffIsOneLineAndCode2() throws IOException {
    Path cut = Files.createDirectory(folder.resolve("cut"));
    byte[] whole = Files.readAllBytes(second.resolve(LogMerge.FILE));
    Files.write(cut.resolve(LogMerge.FILE), Arrays.copyOf(whole, whole.length - 3));
    Files.copy(second.resolve(FiguresJson.FILE), cut.resolve(FiguresJson.FILE));
    Path into = folder.resolve("m");

    Said said = merge(first.toString(), cut.toString(), "--into", into.toString());

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.errors().lines())
        .singleElement()
        .asString()
        .startsWith("loadtest merge-figures: " + cut.resolve(LogMerge.FILE))
        .contains("cut off");
    assertThat(into.resolve(LogMerge.FILE)).doesNotExist();
  }

  @Test
  void figuresThatAreNoneAreOneLineAndCode2() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.copy(second.resolve(LogMerge.FILE), broken.resolve(LogMerge.FILE));
    String json = Files.readString(second.resolve(FiguresJson.FILE));
    for (String text :
        new String[] {
          "", "[]", "{", json.replace("\"histogram\" : \"", "\"histogram\" : \"AAAA")
        }) {
      Files.writeString(broken.resolve(FiguresJson.FILE), text);

      Said said = merge(broken.toString(), "--into", folder.resolve("m").toString());

      assertThat(said.code()).isEqualTo(2);
      assertThat(said.errors().lines()).singleElement().asString().contains("no figures");
    }
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAsItIs() {
    Said said = merge(first.toString(), "--into", second.toString());

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.errors().lines()).singleElement().asString().contains("not empty");
  }
}
