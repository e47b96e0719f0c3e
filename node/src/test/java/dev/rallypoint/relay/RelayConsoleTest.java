package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.FrameMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** hbbr's commands over real loopback connections. */
class RelayConsoleTest {
  @RegisterExtension private final Relays relays = new Relays();
  private RelayLab lab;

  @BeforeEach
  void startRelay() {
    lab = relays.start();
  }

  private String command(String line) throws Exception {
    try (RelayClient operator = lab.connect().send(line)) {
      return operator.receiveAll();
    }
  }

  @ParameterizedTest
  @EnumSource
  void helpNamesEveryCommand(RelayConsole.Command command) throws Exception {
    assertThat(command("h\n")).contains("(" + command.help().shortName() + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "BLOCKLIST_ADD, 192.0.2.1, true",
    "BLOCKLIST_REMOVE, all, true",
    "BLACKLIST_ADD, 192.0.2.1, true",
    "BLACKLIST_REMOVE, all, true",
    "TOTAL_BANDWIDTH, 1, true",
    "BLOCKLIST, 192.0.2.1, false",
    "BLACKLIST, 192.0.2.1, false",
    "TOTAL_BANDWIDTH, , false",
    "USAGE, , false"
  })
  void changesNothingUnlessTheSettingAllowsIt(
      RelayConsole.Command command, String argument, boolean isRefused) {
    List<String> arguments = argument == null ? List.of() : List.of(argument);
    assertThat(command.refusal(ConsoleMode.READ, arguments).isPresent()).isEqualTo(isRefused);
    assertThat(command.refusal(ConsoleMode.CHANGE, arguments)).isEmpty();
  }

  @Test
  void hasAListAsItsFileIsEditedWhileTheRelayRuns() throws Exception {
    Path file = relays.data().resolve("blocklist.txt");
    Files.writeString(file, "198.51.100.7\n");
    await().until(() -> command("B\n").equals("198.51.100.7\n"));

    assertThat(command("Ba 203.0.113.9\n")).isEqualTo("2 in the list\n");
    assertThat(file).content().isEqualTo("198.51.100.7\n203.0.113.9\n");
    Files.writeString(file, "203.0.113.9\nno address\n");
    Files.writeString(relays.data().resolve("blacklist.txt"), "198.51.100.8\n");
    await().until(() -> command("b\n").equals("198.51.100.8\n"));
    assertThat(command("B\n")).as("with a wrong line").contains("198.51.100.7");

    Files.writeString(file, "203.0.113.9\n");
    await().until(() -> command("B\n").equals("203.0.113.9\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"st", "stats"})
  void showsTheCounters(String line) throws Exception {
    assertThat(command(line + "\n"))
        .contains("rallypoint_dropped_total{reason=\"relay_blocked\"} 0.0\n");
  }

  @ParameterizedTest
  @CsvSource({
    "limit-speed, 32Mb/s",
    "ls, 32Mb/s",
    "total-bandwidth, 100000Mb/s",
    "tb, 100000Mb/s",
    "single-bandwidth, 100000Mb/s",
    "sb, 100000Mb/s",
    "downgrade-threshold, 0.66",
    "dt, 0.66",
    "downgrade-start-check, 1800s",
    "t, 1800s",
    "ls 16, 16Mb/s",
    "tb 2.5, 2.5Mb/s",
    "sb 64, 64Mb/s",
    "dt 0.5, 0.5",
    "t 60, 60s"
  })
  void showsAndSetsValues(String line, String answer) throws Exception {
    assertThat(command(line + "\n")).isEqualTo(answer + "\n");
  }

  @Test
  void aChangedValueStays() throws Exception {
    command("limit-speed 8\n");
    assertThat(command("ls\n")).isEqualTo("8Mb/s\n");
  }

  @ParameterizedTest
  @CsvSource({"ls 0, limit-speed = 0.0", "ls much, not a number", "dt NaN, downgrade-threshold"})
  void refusesABadValue(String line, String words) throws Exception {
    assertThat(command(line + "\n")).contains(words);
    assertThat(command("ls\n")).isEqualTo("32Mb/s\n");
  }

  @Test
  void writesAnAddedAddressToItsFileAndServesItNoMore() throws Exception {
    command("blocklist-add 127.0.0.1\n");
    assertThat(relays.data().resolve("blocklist.txt")).content().isEqualTo("127.0.0.1\n");
    try (RelayClient blocked = lab.connect()) {
      assertThat(blocked.isClosed()).isTrue();
    }
    lab.awaitDrop(DropReason.RELAY_BLOCKED, 1);
  }

  @Test
  void removesAnAddressAndKeepsTheFilesComments() throws Exception {
    lab.close();
    Files.writeString(
        relays.data().resolve("blacklist.txt"), "# slow\n203.0.113.7\n198.51.100.0/24 # x\n");
    lab = relays.start();
    assertThat(command("b\n")).isEqualTo("203.0.113.7\n198.51.100.0/24\n");
    assertThat(command("b 198.51.100.9\n")).isEqualTo("true\n");
    command("br 203.0.113.7\n");
    assertThat(command("b 203.0.113.7\n")).isEqualTo("false\n");
    assertThat(relays.data().resolve("blacklist.txt"))
        .content()
        .isEqualTo("# slow\n198.51.100.0/24 # x\n");
  }

  @Test
  void takesSeveralAddressesAtOnceAndRemovesAll() throws Exception {
    assertThat(command("ba 192.0.2.1|192.0.2.2 2001:db8::/32\n")).isEqualTo("3 in the list\n");
    assertThat(command("b 2001:db8::5\n")).isEqualTo("true\n");
    assertThat(command("br all\n")).isEqualTo("0 in the list\n");
    assertThat(relays.data().resolve("blacklist.txt")).isEmptyFile();
  }

  @Test
  void refusesAnAddressThatIsNone() throws Exception {
    assertThat(command("Ba example.org\n")).contains("example.org").contains("write a network");
    assertThat(relays.data().resolve("blocklist.txt")).doesNotExist();
  }

  @Test
  void showsTheSessions() throws Exception {
    try (RelayClient a = lab.sideA("shown");
        RelayClient b = lab.sideB("shown")) {
      b.send("x");
      a.receive(1);
      assertThat(command("usage\n"))
          .contains("shown 127.0.0.1:" + a.socket().getLocalPort())
          .contains("<-> 127.0.0.1:" + b.socket().getLocalPort())
          .endsWith("Mb/s\n");
    }
  }

  @Test
  void takesACommandWithoutALinesEndAtTheStreamsEnd() throws Exception {
    try (RelayClient operator = lab.connect().send("ls").endOutput()) {
      assertThat(operator.receiveAll()).isEqualTo("32Mb/s\n");
    }
  }

  @Test
  void takesACommandWithoutALinesEndAfterAPause() throws Exception {
    assertThat(command("ls")).isEqualTo("32Mb/s\n");
  }

  @Test
  void servesLoopbackPeersAsOrdinaryPeers() throws Exception {
    // A header of 0x68 is an 'h', a command; the frame behind it is 26 bytes long.
    byte[] request = Requests.frame(Requests.builder("h").setLicenceKey(RelayLab.KEY));
    assertThat(request[0]).isEqualTo((byte) (request.length - 1 << 2));
    try (RelayClient b = lab.connect().send(request);
        RelayClient a = lab.sideA("h")) {
      b.send("x");
      assertThat(a.receive(1)).isEqualTo("x");
    }
  }

  @Test
  void answersNothingWhenSwitchedOff() throws Exception {
    try (RelayLab quiet =
            relays.start(
                RelayLab.withoutConsole(relays.parts(RelayLab.settings(), FrameMemory.ofHeap())),
                Ticker.SYSTEM);
        RelayClient operator = quiet.connect().send("usage\n").endOutput()) {
      assertThat(operator.receiveAll()).isEmpty();
    }
  }
}
