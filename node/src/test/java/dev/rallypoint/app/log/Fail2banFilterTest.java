package dev.rallypoint.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import dev.rallypoint.config.LogSettings;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.access.AccessLog;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The filter in {@code docker/fail2ban} on the lines of a node, by fail2ban's own program. */
class Fail2banFilterTest {
  private static final Path PROGRAM = Path.of("/usr/bin/fail2ban-regex");
  private static final Path JOURNAL_WRITER = Path.of("/lib/systemd/systemd-journal-remote");
  private static final Path FILTER =
      Path.of("../docker/fail2ban/filter.d/rallypoint.conf").toAbsolutePath().normalize();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void findsTheAddressesWithAWrongKeyAndNoOthers(LogFormat format) throws Exception {
    require(PROGRAM, "fail2ban");
    Path log = folder.resolve("node.log");

    write(format, log);

    assertThat(Files.readAllLines(log)).as("as the test wrote them").hasSize(6);
    assertThat(banned(log.toString()).lines())
        .containsExactlyInAnyOrder("127.0.0.5", "127.0.0.6", "2001:db8::7");
  }

  @ParameterizedTest
  @EnumSource
  void findsThemInTheJournal(LogFormat format) throws Exception {
    require(PROGRAM, "fail2ban");
    require(JOURNAL_WRITER, "systemd-journal-remote");
    Path log = folder.resolve("node.log");
    Path journal = folder.resolve("node.journal");
    write(format, log);
    Path entries = Files.write(folder.resolve("entries"), entries(Files.readAllLines(log)));
    run(JOURNAL_WRITER.toString(), "-o", journal.toString(), entries.toString());

    assertThat(banned("systemd-journal[journalfiles=" + journal + "]").lines())
        .containsExactlyInAnyOrder("127.0.0.5", "127.0.0.6", "2001:db8::7");
  }

  /** In the form in which journalctl exports entries, as the journal gets them of the unit. */
  private static List<String> entries(List<String> lines) {
    List<String> entries = new ArrayList<>();
    long micros = System.currentTimeMillis() * 1_000;
    for (String line : lines) {
      micros++;
      entries.addAll(
          List.of(
              "__REALTIME_TIMESTAMP=" + micros,
              "__MONOTONIC_TIMESTAMP=" + micros,
              "_BOOT_ID=" + "1".repeat(32),
              "_MACHINE_ID=" + "2".repeat(32),
              "_HOSTNAME=host",
              "_SYSTEMD_UNIT=rallypoint.service",
              "SYSLOG_IDENTIFIER=rallypoint",
              "_PID=4711",
              "MESSAGE=" + line,
              ""));
    }
    return entries;
  }

  private static void require(Path program, String name) {
    if (!Files.isExecutable(program) && !"required".equals(System.getenv("RALLYPOINT_LAB"))) {
      abort(name + " is not installed");
    }
  }

  /** What fail2ban would count against an address, one a line. */
  private static String banned(String log) throws IOException, InterruptedException {
    return run(PROGRAM.toString(), "-o", "ip", log, FILTER.toString());
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private void write(LogFormat format, Path log) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger access = context.getLogger("access");
    Appender<ILoggingEvent> lines =
        LogOutput.lines(context, new LogSettings(Map.of(), format, Optional.of(log), 14, 500));
    access.setLevel(ch.qos.logback.classic.Level.INFO);
    access.setAdditive(false);
    access.addAppender(lines);
    try (TestNode node = TestNode.start(TestSettings.in(folder.resolve("data")))) {
      use(node);
      new AccessLog(Ticker.SYSTEM) // a client with IPv6, which this machine may not have
          .wrongKey(
              PeerAddress.of(InetAddress.ofLiteral("2001:db8::7"), 9), Asked.RELAY, null, "none");
    } finally {
      access.detachAppender(lines);
      access.setAdditive(true);
      access.setLevel(null);
      lines.stop();
    }
  }

  private static void use(TestNode node) {
    try (UdpClient peer = node.udpFrom("127.0.0.8").registered("123456701");
        UdpClient thief = node.udpFrom("127.0.0.9");
        TcpClient wrong = TcpClient.between("127.0.0.5", node.ip(), node.port()).plain();
        TcpClient again = TcpClient.between("127.0.0.5", node.ip(), node.port()).plain();
        TcpClient leg = TcpClient.between("127.0.0.6", node.ip(), node.port() + 1);
        TcpClient right = TcpClient.between("127.0.0.7", node.ip(), node.port()).plain()) {
      thief.register("123456701", "another uuid", 3);
      // The id tries to look like a line about another address.
      wrong.send(punch("1\" access.refused - refused reason=access_key address=1.2.3.4:5", "no"));
      wrong.receive();
      again.send(punch("123456701", "no")).receive();
      leg.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(RequestRelay.newBuilder().setUuid("u").setLicenceKey("no"))
              .build());
      assertThat(leg.receiveAll()).isEmpty();
      right.send(punch("999999999", node.key().text())).receive();
      await().until(() -> node.counters().of(DropReason.ACCESS_KEY) == 3);
      assertThat(peer.nothingElseCame()).isTrue();
    }
  }

  private static RendezvousMessage punch(String id, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(PunchHoleRequest.newBuilder().setId(id).setLicenceKey(key))
        .build();
  }
}
