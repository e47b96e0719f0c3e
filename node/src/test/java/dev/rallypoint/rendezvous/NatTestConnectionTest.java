package dev.rallypoint.rendezvous;

import static dev.rallypoint.testing.FrameClient.NAT_TEST;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.protocol.message.OnlineStates;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Port 21115 as clients of this machine use it, and the text console beside them. */
class NatTestConnectionTest {
  @TempDir static Path data;
  private static TestNode node;
  private static TestNode silentNode;
  private static TestNode readOnlyNode;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
    silentNode = TestNode.start(TestSettings.in(data.resolve("b")).console(ConsoleMode.OFF));
    readOnlyNode = TestNode.start(TestSettings.in(data.resolve("c")).console(ConsoleMode.READ));
  }

  @AfterAll
  static void stop() {
    node.close();
    silentNode.close();
    readOnlyNode.close();
  }

  @Test
  void tellsTheSourcePortOnTheNatTestPort() {
    try (TcpClient client = node.natTest()) {
      client.send(NAT_TEST);

      assertThat(client.receive().getTestNatResponse().getPort())
          .isEqualTo(client.address().port());
    }
  }

  @Test
  void tellsTheSourcePortOnTheMainPort() {
    try (TcpClient client = node.control().plain()) {
      client.send(NAT_TEST);

      assertThat(client.receive().getTestNatResponse().getPort())
          .isEqualTo(client.address().port());
    }
  }

  @Test
  void tellsTheSourcePortByUdp() {
    try (UdpClient client = node.udp()) {
      client.send(NAT_TEST);

      assertThat(client.receive().getTestNatResponse().getPort())
          .isEqualTo(client.address().port());
    }
  }

  @Test
  void answersAClientThatHasClosedItsSide() {
    try (TcpClient client = node.natTest()) {
      client.send(NAT_TEST).endOutput();

      assertThat(client.receive().hasTestNatResponse()).isTrue();
    }
  }

  @Test
  void marksTheOnlinePeersHighestBitFirst() {
    try (UdpClient second = node.udp().registered("220000002");
        UdpClient tenth = node.udp().registered("220000010");
        TcpClient client = node.natTest()) {
      client.send(
          online(IntStream.range(1, 11).mapToObj(i -> "2200000%02d".formatted(i)).toList()));

      assertThat(client.receive().getOnlineResponse().getStates())
          .isEqualTo(ByteString.copyFrom(new byte[] {0b0100_0000, 0b0100_0000}));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 1_000})
  void givesABitToEachPeerAskedFor(int asked) {
    try (TcpClient client = node.natTest()) {
      client.send(online(IntStream.range(0, asked).mapToObj(i -> "nobody-" + i).toList()));

      assertThat(client.receive().getOnlineResponse().getStates().size())
          .isEqualTo((asked + 7) / 8);
    }
  }

  @Test
  void countsImpossibleIdsAsOffline() {
    try (TcpClient client = node.natTest()) {
      client.send(online(List.of("", "\u0007", "x".repeat(1_000))));

      ByteString states = client.receive().getOnlineResponse().getStates();
      assertThat(OnlineStates.isOnline(states, 0) || OnlineStates.isOnline(states, 2)).isFalse();
    }
  }

  @Test
  void ignoresAnEmptyFrame() {
    try (TcpClient client = node.natTest()) {
      client.sendFrame(new byte[0]).send(NAT_TEST);

      assertThat(client.receive().hasTestNatResponse()).isTrue();
    }
  }

  @Test
  void closesOnAMessageOfAnotherPort() {
    try (TcpClient client = node.natTest()) {
      client.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(PunchHoleRequest.newBuilder().setId("123456"))
              .build());

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @Test
  void closesOnAFrameThatIsTooLong() {
    try (TcpClient client = node.natTest()) {
      client.sendRaw(new byte[] {3, 0, 0, (byte) 0x80}); // announces 512 MiB

      assertThat(client.receiveFrame()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HELP")
  void answersEveryConsoleCommand(TextConsole.Command command) {
    assertThat(console(command.help().shortName() + "\n"))
        .isNotEmpty()
        .isNotEqualTo(console("h\n"));
  }

  @ParameterizedTest
  @EnumSource
  void helpNamesEveryCommand(TextConsole.Command command) {
    assertThat(console("h\n")).contains("(" + command.help().shortName() + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "ib 192.0.2.1, none",
    "ib 0 -, none",
    "ic 5, none",
    "aur N, ALWAYS_USE_RELAY: N",
    "tg 1.2.3.4 5.6.7.8, none: each client uses this server's host"
  })
  void takesTheArgumentsOfACommand(String line, String answer) {
    assertThat(console(line + "\n")).isEqualTo(answer + "\n");
  }

  @Test
  void takesAConsoleCommandWithoutANewline() {
    assertThat(console("h")).contains("relay-servers(rs)");
  }

  @Test
  void setsTheRelaysFromTheConsole() {
    console("rs one.example,two.example:3000\n");

    assertThat(console("rs\n")).contains("one.example").contains("two.example:3000");

    console("rs -\n");
  }

  @Test
  void showsWhoAskedForWhom() {
    try (TcpClient requester = node.control().plain()) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder()
                      .setId("nobody-here")
                      .setLicenceKey(node.key().text()))
              .build());
      requester.receive();

      assertThat(console("pr\n")).contains(requester.address() + " -> nobody-here unknown");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rs relay.example, true",
    "rs -, true",
    "aur Y, true",
    "pr -, true",
    "ib -, true",
    "ic 5 -, true",
    "rs, false",
    "aur, false",
    "pr 5, false",
    "ib 192.0.2.1, false",
    "st, false"
  })
  void changesNothingFromTheConsoleUnlessTheSettingAllowsIt(String line, boolean isRefused) {
    try (TcpClient client = readOnlyNode.natTest()) {
      client.sendRaw((line + "\n").getBytes(StandardCharsets.US_ASCII));

      String answer = new String(client.receiveAll(), StandardCharsets.UTF_8);
      assertThat(answer.contains("allow it by the setting console = Y")).isEqualTo(isRefused);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "[::]:21117", "fe80::1", "224.0.0.1", "010.0.0.1", "<host>"})
  void takesNoRelayFromTheConsoleThatNoClientCanReach(String relay) {
    assertThat(console("rs relay.example," + relay + "\n"))
        .isEqualTo("not a host or host:port: " + relay + "\n");
  }

  @Test
  void isSilentWhereTheConsoleIsOff() {
    try (TcpClient client = silentNode.natTest()) {
      client.sendRaw("h\n".getBytes(StandardCharsets.US_ASCII)).endOutput();

      assertThat(client.receiveAll()).isEmpty();
    }
  }

  private static String console(String line) {
    try (TcpClient client = node.natTest()) {
      client.sendRaw(line.getBytes(StandardCharsets.US_ASCII));
      return new String(client.receiveAll(), StandardCharsets.UTF_8);
    }
  }

  private static RendezvousMessage online(List<String> ids) {
    return RendezvousMessage.newBuilder()
        .setOnlineRequest(OnlineRequest.newBuilder().setId("me").addAllPeers(ids))
        .build();
  }
}
