package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.PunchAdmissions.Admission;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which relay requests follow an admitted punch request, by host, target and time. */
class PunchAdmissionsTest {
  private static final PeerId B = new PeerId("123456789");

  private final PunchAdmissions admissions = new PunchAdmissions();

  private static PeerAddress at(String ip, int port) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  @ParameterizedTest(name = "admitted for {0}, asked from {1} for {2} after {3} ms: {4}")
  @CsvSource({
    "203.0.113.7, 203.0.113.7,  123456789, 0,       true",
    "203.0.113.7, 203.0.113.7,  123456789, 120000,  true",
    "203.0.113.7, 203.0.113.7,  123456789, 120001,  false",
    "203.0.113.7, 203.0.113.7,  987654321, 0,       false",
    "203.0.113.7, 198.51.100.9, 123456789, 0,       true",
    "203.0.113.7, 198.51.100.9, 123456789, 20000,   true",
    "203.0.113.7, 198.51.100.9, 123456789, 20001,   false",
    "203.0.113.7, 198.51.100.9, 987654321, 0,       false",
    "203.0.113.7, 2001:db8::7,  123456789, 20000,   true",
    "2001:db8::7, 2001:db8::8,  123456789, 120000,  true",
    "2001:db8::7, 2001:db8:0:1::7, 123456789, 20001, false",
  })
  void admits(String punched, String asked, String target, long later, boolean expected) {
    admissions.admit(at(punched, 1), B, 1_000);

    assertThat(admissions.find(at(asked, 2), new PeerId(target), "", 1_000 + later).isAdmitted())
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} where {1} was named: {2}")
  @CsvSource({
    "relay.of.b, relay.of.b, true",
    "RELAY.of.b, relay.of.b, true",
    "evil.test,  relay.of.b, false",
    "'',         relay.of.b, true",
    "evil.test,  '',         false",
  })
  void knowsTheRelaysOfTheAttempt(String asked, String named, boolean expected) {
    PeerAddress a = at("203.0.113.7", 1);
    admissions.admit(a, B, 0);
    admissions.name(a, B, named, 0);

    assertThat(admissions.find(a, B, asked, 0)).isEqualTo(new Admission(true, expected, named));
  }

  @Test
  void knowsTheRelayForTheClientsOtherAddressToo() {
    admissions.admit(at("203.0.113.7", 1), B, 0);
    admissions.name(at("203.0.113.7", 1), B, "relay.of.b", 0);

    assertThat(admissions.find(at("2001:db8::7", 1), B, "relay.of.b", 20_000).isComplete())
        .isTrue();
  }

  @Test
  void namesNothingWithoutAnAdmittedRequest() {
    admissions.name(at("203.0.113.7", 1), B, "evil.test", 0);
    admissions.admit(at("198.51.100.9", 1), B, 0);

    assertThat(admissions.find(at("198.51.100.9", 1), B, "evil.test", 0).isNamed()).isFalse();
  }

  @Test
  void keepsNoNameThatIsTooLong() {
    PeerAddress a = at("203.0.113.7", 1);
    String name = "x".repeat(RelayNames.MAX_LENGTH + 1);
    admissions.admit(a, B, 0);
    admissions.name(a, B, name, 0);

    assertThat(admissions.find(a, B, name, 0).isNamed()).isFalse();
  }

  @Test
  void keepsARepeatedRequestForTwoMinutesFromTheLastOne() {
    PeerAddress a = at("203.0.113.7", 1);
    admissions.admit(a, B, 0);
    admissions.admit(a, B, 100_000);

    assertThat(admissions.find(a, B, "", 220_000).isAdmitted()).isTrue();
  }

  @Test
  void letsNoHostTakeThePlacesOfOthers() {
    PeerAddress honest = at("203.0.113.7", 1);
    PeerAddress busy = at("198.51.100.9", 1);
    admissions.admit(honest, B, 0);

    for (int i = 0; i < 60_000; i++) {
      admissions.admit(busy, new PeerId("busy-" + i), 0);
    }

    assertThat(admissions.find(honest, B, "", 0).isAdmitted()).isTrue();
    assertThat(admissions.find(busy, new PeerId("busy-59999"), "", 0).isAdmitted()).isTrue();
    assertThat(admissions.find(busy, new PeerId("busy-58000"), "", 0).isAdmitted()).isFalse();
  }

  @Test
  void putsTogetherWhatTwoNodesKnow() {
    Admission one = new Admission(true, false, "");
    Admission other = new Admission(false, true, "relay.of.b");

    assertThat(one.or(other)).isEqualTo(new Admission(true, true, "relay.of.b"));
    assertThat(Admission.NONE.or(Admission.NONE).isAdmitted()).isFalse();
  }
}
