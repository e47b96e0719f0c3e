package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of whole nodes, each side by TCP or WebSocket, message by message. */
class BackhaulFramesTest {
  private static final int MEGA = 1024 * 1024;

  @TempDir private static Path data;
  private static TestCluster cluster;

  /** How the two sides come, the controlling one first. */
  enum Ways {
    TCP_TCP(TestNode::relay, TestNode::relay),
    TCP_WS(TestNode::relay, TestNode::webSocketRelay),
    WS_TCP(TestNode::webSocketRelay, TestNode::relay),
    WS_WS(TestNode::webSocketRelay, TestNode::webSocketRelay);

    private final Function<TestNode, FrameClient> ofA;
    private final Function<TestNode, FrameClient> ofB;

    Ways(Function<TestNode, FrameClient> ofA, Function<TestNode, FrameClient> ofB) {
      this.ofA = ofA;
      this.ofB = ofB;
    }

    FrameClient a(String uuid) {
      return send(ofA.apply(cluster.node(1)), request(uuid).setId("123456789"));
    }

    FrameClient b(String uuid) {
      return send(ofB.apply(cluster.node(2)), request(uuid));
    }
  }

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2, data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static RequestRelay.Builder request(String uuid) {
    return RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(TestNode.KEYS.publicKey().text());
  }

  private static FrameClient send(FrameClient client, RequestRelay.Builder request) {
    client.send(RendezvousMessage.newBuilder().setRequestRelay(request).build());
    return client;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Messages of every size, empty ones too, ten megabytes in all. */
  private static List<byte[]> messages(long seed) {
    Random random = new Random(seed);
    List<byte[]> messages = new ArrayList<>();
    for (int sum = 0; sum < 10 * MEGA; sum += messages.getLast().length) {
      byte[] message =
          new byte[random.nextInt(8) == 0 ? 0 : random.nextInt(1 << random.nextInt(1, 21))];
      random.nextBytes(message);
      messages.add(message);
    }
    return messages;
  }

  private static Void sendAll(FrameClient client, List<byte[]> messages) {
    messages.forEach(client::sendFrame);
    return null;
  }

  private static Void expectAll(FrameClient client, List<byte[]> messages) {
    for (byte[] message : messages) {
      assertThat(Arrays.equals(client.receiveFrame(), message)).isTrue();
    }
    return null;
  }

  @ParameterizedTest
  @EnumSource
  void carriesEveryMessageBothWaysAsItIs(Ways ways) {
    try (FrameClient a = ways.a("messages-" + ways);
        FrameClient b = ways.b("messages-" + ways)) {
      List<byte[]> fromA = messages(1);
      List<byte[]> fromB = messages(2);
      CompletableFuture.allOf(
              RelayClient.async(() -> sendAll(a, fromA)),
              RelayClient.async(() -> sendAll(b, fromB)),
              RelayClient.async(() -> expectAll(a, fromB)),
              RelayClient.async(() -> expectAll(b, fromA)))
          .join();
    }
    assertThat(cluster.node(1).counters().of(Event.BACKHAUL_BYTES)).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void deliversWhatCameBeforeThePartnerAndPassesTheEndOn(Ways ways) {
    String uuid = "early-" + ways;
    long legs = cluster.node(2).counters().of(Event.RELAY_LEGS);
    try (FrameClient b = ways.b(uuid)) {
      b.sendFrame(text("one")).sendFrame(text("")).sendFrame(text("three"));
      await().until(() -> cluster.node(2).counters().of(Event.RELAY_LEGS) > legs);
      try (FrameClient a = ways.a(uuid)) {
        a.sendFrame(text("from a"));
        expectAll(a, List.of(text("one"), text(""), text("three")));
        expectAll(b, List.of(text("from a")));
        b.sendFrame(text("last message")).endOutput();
        expectAll(a, List.of(text("last message")));
        assertThat(a.receiveFrame()).isNull();
      }
    }
  }

  @Test
  void countsNoBytesOverTheBackhaulWhenBothComeToOneNode() {
    long before = cluster.node(1).counters().of(Event.BACKHAUL_BYTES);
    try (FrameClient a = send(cluster.node(1).relay(), request("one-node").setId("123456789"));
        FrameClient b = send(cluster.node(1).webSocketRelay(), request("one-node"))) {
      b.sendFrame(text("near"));
      expectAll(a, List.of(text("near")));
    }
    assertThat(cluster.node(1).counters().of(Event.BACKHAUL_BYTES)).isEqualTo(before);
  }
}
