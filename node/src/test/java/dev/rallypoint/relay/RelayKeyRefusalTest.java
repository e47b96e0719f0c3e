package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.testing.WsClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a leg whose partner shows a wrong access key, over real sockets. */
class RelayKeyRefusalTest {
  @RegisterExtension private final Relays relays = new Relays();
  private RelayLab lab;

  @BeforeEach
  void startRelay() {
    lab = relays.start();
  }

  private static byte[] sideBWithWrongKey(String uuid) {
    return Requests.frame(Requests.builder(uuid).setLicenceKey("guess"));
  }

  private static byte[] sideAWithWrongKey(String uuid) {
    return Requests.frame(Requests.builder(uuid).setLicenceKey("guess").setId("123456789"));
  }

  private void refuse(byte[] request) throws Exception {
    try (RelayClient refused = lab.connect().send(request)) {
      assertThat(refused.isClosed()).isTrue();
    }
  }

  @Test
  void theControllingSideIsClosedAtOnceWhenItsPartnerIsRefused() throws Exception {
    try (RelayClient a = lab.sideA("refused-b")) {
      lab.awaitLegs(1);
      refuse(sideBWithWrongKey("refused-b"));
      assertThat(a.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_PARTNER_REFUSED)).isOne();
  }

  @Test
  void theControllingSideIsClosedWhenItsPartnerWasRefusedBeforeItCame() throws Exception {
    refuse(sideBWithWrongKey("refused-before"));
    try (RelayClient a = lab.sideA("refused-before")) {
      assertThat(a.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.RELAY_PARTNER_REFUSED)).isOne();
  }

  @Test
  void theControlledSideIsClosedWhenItsPartnerIsRefused() throws Exception {
    try (RelayClient b = lab.sideB("refused-a")) {
      lab.awaitLegs(1);
      refuse(sideAWithWrongKey("refused-a"));
      assertThat(b.isClosed()).isTrue();
    }
  }

  @Test
  void aWebSocketIsClosedWhenItsPartnerIsRefused() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("refused-web"))) {
      lab.awaitLegs(1);
      refuse(sideBWithWrongKey("refused-web"));
      assertThat(a.receiveFrame()).isNull();
    }
  }

  @Test
  void aRefusedWebSocketClosesItsPartner() throws Exception {
    try (RelayClient a = lab.sideA("web-refused")) {
      lab.awaitLegs(1);
      try (WsClient b = lab.webSocket(sideBWithWrongKey("web-refused"))) {
        assertThat(b.receiveFrame()).isNull();
      }
      assertThat(a.isClosed()).isTrue();
    }
  }

  @Test
  void aStrangerWithAnotherUuidClosesNobody() throws Exception {
    try (RelayClient a = lab.sideA("theirs")) {
      lab.awaitLegs(1);
      refuse(sideBWithWrongKey("theirs2"));
      refuse(sideBWithWrongKey("their"));
      refuse(sideAWithWrongKey("theirs"));
      try (RelayClient b = lab.sideB("theirs").send("welcome")) {
        assertThat(a.receive(7)).isEqualTo("welcome");
      }
    }
    assertThat(lab.counters().of(DropReason.RELAY_PARTNER_REFUSED)).isZero();
  }

  @Test
  void aWrongKeyEndsNoSessionThatHasBegun() throws Exception {
    try (Couple couple = Couple.of(lab.sideA("running"), lab.sideB("running"))) {
      refuse(sideBWithWrongKey("running"));
      refuse(sideAWithWrongKey("running"));
      couple.exchange(1, 10_000, 10_000);
    }
  }

  @Test
  void aFloodOfWrongKeysKeepsNoPairFromItsSession() throws Exception {
    for (int i = 0; i < 300; i++) {
      refuse(sideBWithWrongKey("flood-" + i));
    }
    await().until(() -> lab.counters().of(DropReason.ACCESS_KEY) == 300);
    try (Couple couple = Couple.of(lab.sideA("beside"), lab.sideB("beside"))) {
      couple.exchange(2, 10_000, 10_000);
    }
  }
}
