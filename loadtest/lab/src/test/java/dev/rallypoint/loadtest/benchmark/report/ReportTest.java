package dev.rallypoint.loadtest.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Machine MACHINE =
      new Machine(LocalDate.of(2026, 11, 30), 2, "Linux 6.1", "25+36");
  private static final List<Row> ROWS =
      List.of(
          Row.of("CPU each", 3.456, "us").atMost(4).inChart("CPU of a heartbeat"),
          Row.of("CPU each", 5.5, "us").by("hbbs").inChart("CPU of a heartbeat"),
          Row.of("rate", 147_000, "1/s").atLeast(200_000),
          Row.of("lost", 0, "%").atMost(0),
          Row.of("said \"OK\"", 1, ""));

  private final Report report = new Report(MACHINE);

  ReportTest() {
    report.add("heartbeats", ROWS);
  }

  @Test
  void tableSaysWhetherEachGoalIsMetAndByHowMuch() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    report.print("heartbeats", new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """

            2026-11-30, 2 cores, Linux 6.1, JDK 25+36
            heartbeats  server        value unit  goal
            CPU each    Rallypoint     3.46 us    <= 4        met by 14 %
            CPU each    hbbs            5.5 us
            rate        Rallypoint  147,000 1/s   >= 200,000  MISSED by 27 %
            lost        Rallypoint        0 %     <= 0        met
            said "OK"   Rallypoint        1

            """);
  }

  @Test
  void valuesHaveDateMachineAndAllDigits() {
    assertThat(report.csv())
        .hasSize(1 + ROWS.size())
        .startsWith(
            "date,cores,kernel,jdk,benchmark,row,server,value,unit,goal,verdict",
            "2026-11-30,2,\"Linux 6.1\",\"25+36\",heartbeats,\"CPU each\",\"Rallypoint\",3.456,\"us\","
                + "\"<= 4\",met by 14 %")
        .last()
        .asString()
        .contains("\"said \"\"OK\"\"\"");
  }

  @Test
  void chartsAreTheSameForTheSameFigures(@TempDir Path first, @TempDir Path second)
      throws Exception {
    List<Path> files = report.writeCharts(first);
    List<Path> again = report.writeCharts(second);

    assertThat(files)
        .singleElement()
        .satisfies(file -> assertThat(file).hasFileName("heartbeats-cpu-of-a-heartbeat.svg"));
    assertThat(Files.readString(files.getFirst()))
        .contains("<svg")
        .isEqualTo(Files.readString(again.getFirst()));
  }
}
