package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import org.junit.jupiter.api.Test;

/** What is remembered of a target that proved itself. */
class ProvenTargetsTest {
  private static final PeerId B = new PeerId("123456789");
  private static final PeerAddress LINE_1 = PeerAddress.v4(0xC6336409, 50_000);
  private static final PeerAddress LINE_2 = PeerAddress.v4(0xC633640A, 50_000);
  private static final long HOUR = 3_600_000;

  private final ProvenTargets targets = new ProvenTargets();

  @Test
  void knowsBothLinesOfATarget() {
    targets.add(B, LINE_1, "relay.of.b", 0);
    targets.add(B, LINE_2, "", 1);

    assertThat(targets.uses(B, LINE_1.withPort(1), 2)).isTrue();
    assertThat(targets.uses(B, LINE_2.withPort(1), 2)).isTrue();
    assertThat(targets.relays(B, 2)).containsExactly("relay.of.b");
  }

  @Test
  void knowsNothingOfAnotherTarget() {
    targets.add(B, LINE_1, "relay.of.b", 0);

    assertThat(targets.uses(new PeerId("987654321"), LINE_1, 0)).isFalse();
    assertThat(targets.relays(new PeerId("987654321"), 0)).isEmpty();
  }

  @Test
  void forgetsAfterAnHour() {
    targets.add(B, LINE_1, "relay.of.b", 0);

    assertThat(targets.uses(B, LINE_1, HOUR)).isTrue();
    assertThat(targets.uses(B, LINE_1, HOUR + 1)).isFalse();
    assertThat(targets.relays(B, HOUR + 1)).isEmpty();
  }

  @Test
  void keepsTheLastFourHosts() {
    for (int i = 0; i < 5; i++) {
      targets.add(B, PeerAddress.v4(0x0A000000 + i, 1), "", i);
    }

    assertThat(targets.uses(B, PeerAddress.v4(0x0A000000, 1), 5)).isFalse();
    assertThat(targets.uses(B, PeerAddress.v4(0x0A000001, 1), 5)).isTrue();
  }
}
