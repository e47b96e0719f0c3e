package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.HealthCheck;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The places of the ID server, 40 in all, where the setting lets an address have 10,000. Strangers
 * connect from 127.0.1.x, others from 127.0.2.x.
 */
class PlacesTest {
  private static final int PLACES = 40;
  private static final RendezvousMessage NAT_TEST =
      RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build();
  private static final RendezvousMessage HEALTH_CHECK =
      RendezvousMessage.newBuilder().setHc(HealthCheck.newBuilder().setToken("a")).build();

  @TempDir Path data;
  private final List<TcpClient> open = new ArrayList<>();
  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start(TestSettings.in(data).connections(10_000, PLACES));
  }

  @AfterEach
  void stop() {
    open.forEach(TcpClient::close);
    node.close();
  }

  private TcpClient from(String ip, int port) {
    TcpClient client = TcpClient.between(ip, node.ip(), port);
    open.add(client);
    return client;
  }

  /** A connection that the server holds: it answered a NAT test on it. */
  private TcpClient held(String ip) {
    TcpClient client = from(ip, node.port() - 1).send(NAT_TEST);
    assertThat(client.receive().hasTestNatResponse()).isTrue();
    return client;
  }

  private TcpClient registered(String ip, String id) {
    TcpClient client = from(ip, node.port()).secured(node.key());
    client.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()));
    assertThat(client.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
    return client;
  }

  private long dropped(DropReason reason) {
    return node.counters().of(reason);
  }

  @Test
  void anAddressHasAQuarterOfThemAtMostOnAllPortsTogether() {
    for (int i = 0; i < PLACES / 8; i++) {
      held("127.0.1.1");
      from("127.0.1.1", node.port()).plain();
    }
    for (int i = 0; i < PLACES; i++) {
      assertThat(from("127.0.1.1", node.port() + (i % 2 == 0 ? 0 : -1)).receiveFrame()).isNull();
    }
    assertThat(dropped(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(PLACES);
    assertThat(dropped(DropReason.CONNECTION_TOTAL)).isZero();
    held("127.0.2.1");
  }

  @Test
  void theIdlestConnectionOfTheBusiestAddressGivesWay() {
    List<TcpClient> held = new ArrayList<>();
    for (int i = 0; i < PLACES / 4; i++) {
      for (int address = 1; address <= 4; address++) {
        held.add(held("127.0.1." + address));
      }
    }
    // The first of the first address was heard just now: its second one is the idlest.
    assertThat(held.get(0).send(NAT_TEST).receive().hasTestNatResponse()).isTrue();

    held("127.0.2.1");

    assertThat(dropped(DropReason.CONNECTION_EVICTED)).isOne();
    assertThat(held.get(4).receiveFrame()).isNull();
    assertThat(held.get(0).send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
    held("127.0.2.1");
    held("127.0.2.1");
    assertThat(dropped(DropReason.CONNECTION_EVICTED)).isEqualTo(3);
    assertThat(dropped(DropReason.CONNECTION_TOTAL)).isZero();
  }

  @Test
  void aHealthCheckGivesWayAndARegistrationLinkStays() {
    List<TcpClient> links = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      links.add(registered("127.0.2.1", "99000000" + i));
    }
    for (int i = 0; i < 35; i++) {
      from("127.0.1." + (1 + i / 9), node.port()).secured(node.key()).send(HEALTH_CHECK);
    }
    await().until(() -> node.counters().of(Event.HEALTH_LINKS) == 35);

    for (int i = 0; i < 5; i++) {
      held("127.0.2." + (2 + i));
    }

    assertThat(dropped(DropReason.CONNECTION_EVICTED)).isEqualTo(5);
    for (TcpClient link : links) {
      assertThat(link.send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
    }
  }

  @Test
  void linksOfAnAddressThatHasTooManyGiveWayToo() {
    for (int i = 0; i < PLACES; i++) {
      registered("127.0.1." + (1 + i / 10), Integer.toString(990_000_000 + i));
    }

    held("127.0.2.1");

    assertThat(dropped(DropReason.CONNECTION_EVICTED)).isOne();
  }

  @Test
  void aStrangerWithFewConnectionsIsRefusedWhenAllHaveAsFew() {
    for (int i = 1; i <= PLACES; i++) {
      held("127.0.1." + i);
    }

    assertThat(from("127.0.1.41", node.port()).receiveFrame()).isNull();
    assertThat(dropped(DropReason.CONNECTION_TOTAL)).isOne();
    assertThat(dropped(DropReason.CONNECTION_EVICTED)).isZero();
  }
}
