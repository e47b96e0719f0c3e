package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Refusal;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.AccessLines;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The access events of a node are what its clients did, to the unit, and as the counters have it.
 */
class AccessEventsTest {
  private static final String ID = "123456701";
  private static final String UUID = "6e1f6d0c-0001";

  @TempDir static Path data;
  private static TestNode node;

  private final List<String> expected = new ArrayList<>();

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void areWhatClientsDid() {
    try (AccessLines lines = new AccessLines();
        UdpClient target = node.udp()) {
      register(target);
      showWrongKeys();
      askForWhoIsNotThere();
      punch(target);
      relay();

      await().untilAsserted(() -> assertThat(lines.all()).hasSameSizeAs(expected));
      assertThat(lines.all()).containsExactlyInAnyOrderElementsOf(expected);
      Counters counters = node.counters();
      assertThat(counters.of(Event.REGISTRATIONS_ACCEPTED)).isEqualTo(count("registered "));
      assertThat(
              Arrays.stream(Refusal.values())
                  .filter(why -> why.name().startsWith("REGISTRATION_"))
                  .mapToLong(counters::of)
                  .sum())
          .isEqualTo(count("what=registration"));
      assertThat(counters.of(DropReason.ACCESS_KEY)).isEqualTo(4);
      assertThat(counters.of(Event.ANSWERS_DELIVERED))
          .isEqualTo(count("verdict=direct") + count("verdict=relay"));
      assertThat(counters.of(Event.RELAY_SESSIONS)).isEqualTo(count("relay_started "));
      assertThat(counters.of(Event.RELAY_BYTES)).isEqualTo(1_504);
      assertThat(counters.of(DropReason.RELAY_TAKEN)).isEqualTo(count("reason=relay_taken"));
    }
  }

  private long count(String part) {
    return expected.stream().filter(line -> line.contains(part)).count();
  }

  private void expect(String line, Object... values) {
    expected.add(line.formatted(values));
  }

  private void register(UdpClient target) {
    target.registered(ID);
    expect("INFO registered id=%s address=%s via=udp change=new", ID, target.address());
    assertThat(target.register(ID, "uuid of " + ID, ID.hashCode())).isEqualTo(Result.OK);
    expect("DEBUG registered id=%s address=%s via=udp change=none", ID, target.address());
    assertThat(target.register(ID, "uuid of " + ID, 7)).isEqualTo(Result.OK);
    expect("INFO registered id=%s address=%s via=udp change=key", ID, target.address());
    try (UdpClient thief = node.udp()) {
      assertThat(thief.register(ID, "uuid of a thief", 7)).isEqualTo(Result.UUID_MISMATCH);
      expect(
          "INFO refused reason=uuid_mismatch address=%s what=registration id=%s",
          thief.address(), ID);
    }
  }

  private void showWrongKeys() {
    String key = AccessKey.fingerprint("sesame");
    for (int i = 0; i < 2; i++) {
      try (TcpClient client = TcpClient.between("127.0.0.5", node.ip(), node.port()).plain()) {
        client.send(punchRequest(ID, "sesame")).receive();
        if (i == 0) {
          expect(
              "WARN refused reason=access_key address=%s what=punch id=%s key=%s",
              client.address(), ID, key);
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      try (TcpClient leg = TcpClient.between("127.0.0.6", node.ip(), node.port() + 1)) {
        // Of a session of its own: who comes to one whose other leg was refused is sent away.
        leg.send(relayRequest("", "sesame", "6e1f6d0c-0002"));
        assertThat(leg.receiveAll()).isEmpty();
        if (i == 0) {
          expect("WARN refused reason=access_key address=%s what=relay key=%s", leg.address(), key);
        }
      }
    }
  }

  private void askForWhoIsNotThere() {
    try (TcpClient link = node.control().secured(node.key())) {
      link.send(UdpClient.claimOf("123456702", "uuid", 2)).receive();
      expect("INFO registered id=123456702 address=%s via=link change=new", link.address());
    }
    await().until(() -> node.counters().of(Event.LINKS_LEFT) == 1);
    ask("123456702", "offline");
    ask("999999999", "unknown");
    try (TcpClient client = node.control().plain()) {
      client.send(relayRequest(ID, "")).receive();
      expect(
          "INFO refused reason=unadmitted address=%s what=relay_request id=%s session=%s",
          client.address(), ID, UUID);
    }
  }

  private void ask(String id, String verdict) {
    try (TcpClient client = node.control().plain()) {
      client.send(punchRequest(id, node.key().text())).receive();
      expectPunch(client.address(), id, verdict);
    }
  }

  private void expectPunch(PeerAddress requester, String id, String verdict) {
    expect("INFO punch kind=punch requester=%s target=%s verdict=%s", requester, id, verdict);
  }

  private void punch(UdpClient target) {
    try (TcpClient client = node.control().plain()) {
      client.send(punchRequest(ID, node.key().text()));
      target.receive();
      expectPunch(client.address(), ID, "no_answer");
      client.reset(); // one that only ends its output may still wait
    }
    try (TcpClient client = node.control().plain()) {
      client.send(punchRequest(ID, node.key().text()));
      answer(
          RendezvousMessage.newBuilder()
              .setPunchHoleSent(
                  PunchHoleSent.newBuilder()
                      .setSocketAddr(Pushed.socketAddr(target.receive()))
                      .setRelayServer("relay")
                      .setId(ID))
              .build());
      client.receive();
      expectPunch(client.address(), ID, "direct");
    }
    try (TcpClient client = node.control().plain()) {
      client.send(relayRequest(ID, ""));
      answer(
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder().setSocketAddr(Pushed.socketAddr(target.receive())))
              .build());
      client.receive();
      expect(
          "INFO punch kind=relay_request requester=%s target=%s verdict=relay session=%s",
          client.address(), ID, UUID);
    }
  }

  private static void answer(RendezvousMessage message) {
    try (TcpClient fresh = node.control().plain()) {
      fresh.send(message);
      assertThat(fresh.receiveFrame()).isNull();
    }
  }

  private void relay() {
    try (TcpClient b = node.relay();
        TcpClient a = node.relay();
        TcpClient third = node.relay()) {
      String legs = "session=%s a=%s b=%s here=both".formatted(UUID, a.address(), b.address());
      b.send(relayRequest("", node.key().text()));
      a.send(relayRequest(ID, node.key().text()));
      expect("INFO relay_started %s type=default_conn", legs);
      a.sendFrame(new byte[1_000]); // with two bytes of header
      assertThat(b.receiveFrame()).hasSize(1_000);
      b.sendFrame(new byte[500]);
      assertThat(a.receiveFrame()).hasSize(500);
      third.send(relayRequest("", node.key().text()));
      assertThat(third.receiveAll()).isEmpty();
      expect(
          "INFO refused reason=relay_taken address=%s what=relay session=%s",
          third.address(), UUID);
      a.endOutput();
      b.endOutput();
      assertThat(a.receiveAll()).isEmpty();
      assertThat(b.receiveAll()).isEmpty();
      expect("INFO relay_ended %s bytes=1504 seconds=* reason=finished", legs);
    }
  }

  private static RendezvousMessage punchRequest(String id, String key) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setLicenceKey(key)
                .setNatType(NatType.ASYMMETRIC))
        .build();
  }

  private static RendezvousMessage relayRequest(String id, String key) {
    return relayRequest(id, key, UUID);
  }

  private static RendezvousMessage relayRequest(String id, String key, String uuid) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setId(id)
                .setUuid(uuid)
                .setRelayServer("relay")
                .setLicenceKey(key))
        .build();
  }
}
