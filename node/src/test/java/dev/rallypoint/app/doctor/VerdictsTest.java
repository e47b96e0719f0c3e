package dev.rallypoint.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private static PeerAddress at(String ip) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "ANSWERED, PORT_ANSWERS, OK",
    "REFUSED, PORT_REFUSED, FAULT",
    "DROPPED, PORT_DROPPED, FAULT",
    "CLOSED, PORT_CLOSED, FAULT",
    "SILENT, PORT_SILENT, FAULT",
    "FOREIGN, PORT_FOREIGN, FAULT"
  })
  void aNeededPort(Contact contact, ClientVerdict verdict, Outcome outcome) {
    Finding row = ListenerVerdicts.required(Check.ID_SERVER, "rd.example:21116", contact);
    assertThat(row.verdict()).isEqualTo(verdict);
    assertThat(row.outcome()).isEqualTo(outcome);
    assertThat(row.seen()).startsWith("rd.example:21116: ");
  }

  @ParameterizedTest
  @CsvSource({
    "ANSWERED, UDP_ANSWERS",
    "REFUSED, UDP_REFUSED",
    "SILENT, UDP_BLOCKED",
    "DROPPED, UDP_BLOCKED",
    "FOREIGN, UDP_BLOCKED"
  })
  void udp(Contact contact, ClientVerdict verdict) {
    assertThat(ListenerVerdicts.udp("rd.example:21116", contact).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "4000, 4000, 4000, NO_NAT",
    "4000, 5000, 5000, NAT_ASYMMETRIC",
    "4000, 5000, 5001, NAT_SYMMETRIC",
    "4000, 0, 5001, NAT_UNKNOWN",
    "4000, 5000, 0, NAT_UNKNOWN"
  })
  void nat(int local, int first, int second, ClientVerdict verdict) {
    assertThat(new NatVerdicts(local, first, second).finding().verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    // local, seen, server, by a proxy
    "192.168.1.5, 192.168.1.5, 192.168.1.10, false, ADDRESS_OWN",
    "203.0.113.7, 203.0.113.7, 198.51.100.1, false, ADDRESS_OWN",
    "192.168.1.5, 203.0.113.7, 198.51.100.1, false, ADDRESS_OF_NAT",
    "192.168.1.5, 172.17.0.1, 198.51.100.1, false, ADDRESS_HIDDEN",
    "192.168.1.5, 100.64.0.1, 198.51.100.1, false, ADDRESS_HIDDEN",
    "192.168.1.5, 127.0.0.1, 198.51.100.1, true, ADDRESS_HIDDEN_BY_PROXY",
    "192.168.1.5, 198.51.100.1, 198.51.100.1, true, ADDRESS_HIDDEN_BY_PROXY",
    "192.168.1.5, 127.0.0.1, 192.168.1.10, false, ADDRESS_HIDDEN",
    "192.168.1.5, 172.17.0.1, 192.168.1.10, false, ADDRESS_OF_INNER_NAT",
    "127.0.0.1, 127.0.0.1, 127.0.0.1, true, ADDRESS_OWN",
    "127.0.0.1, 127.0.0.7, 127.0.0.1, false, ADDRESS_HIDDEN"
  })
  void theAddressSeen(
      String local, String seen, String server, boolean isProxied, ClientVerdict verdict) {
    AddressVerdicts verdicts =
        new AddressVerdicts("way", at(local), Optional.of(at(seen)), at(server), isProxied);
    assertThat(verdicts.finding().verdict()).isEqualTo(verdict);
    assertThat(verdicts.finding().seen()).contains(local, seen);
  }

  @Test
  void noAddressIsNoFault() {
    Finding row =
        new AddressVerdicts("tcp", at("10.0.0.1"), Optional.empty(), at("10.0.0.2"), false)
            .finding();
    assertThat(row.verdict()).isEqualTo(ClientVerdict.ADDRESS_UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.1, SINGLE_NAT",
    "192.168.1.5, 192.168.1.1 203.0.113.1, SINGLE_NAT",
    "192.168.2.5, 192.168.2.1 192.168.1.1 203.0.113.1, DOUBLE_NAT",
    "192.168.1.5, 192.168.1.1 100.64.0.1 203.0.113.1, CARRIER_NAT",
    "100.80.0.5, 100.80.0.1 203.0.113.1, CARRIER_NAT",
    "192.168.1.5, '', ROUTE_UNKNOWN",
    // A route inside of an office says nothing of NAT.
    "10.1.0.5, 10.1.0.1 10.2.0.1, SINGLE_NAT",
    "127.0.0.1, '', SINGLE_NAT"
  })
  void theRoute(String local, String hops, ClientVerdict verdict) {
    List<PeerAddress> routers =
        Arrays.stream(hops.split(" ")).filter(hop -> !hop.isEmpty()).map(VerdictsTest::at).toList();
    assertThat(new RouteVerdicts(at(local), routers).finding().verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "-60, 90, true, true, CERTIFICATE_GOOD",
    "-60, 10, true, true, CERTIFICATE_ENDS_SOON",
    "-60, -3, true, true, CERTIFICATE_EXPIRED",
    "-60, -3, false, true, CERTIFICATE_EXPIRED",
    "2, 90, true, true, CERTIFICATE_NOT_YET_GOOD",
    "-60, 90, false, true, CERTIFICATE_UNTRUSTED",
    "-60, 90, true, false, CERTIFICATE_OTHER_NAME"
  })
  void theCertificate(
      int from, int until, boolean isTrusted, boolean isForName, ClientVerdict verdict) {
    CertificateVerdicts shown =
        new CertificateVerdicts(
            "rd.example:443",
            NOW.plus(Duration.ofDays(from)),
            NOW.plus(Duration.ofDays(until)),
            isTrusted,
            isForName,
            "CN=authority");
    assertThat(shown.finding(NOW).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "0, CLOCK_RIGHT",
    "59, CLOCK_RIGHT",
    "-59, CLOCK_RIGHT",
    "61, CLOCK_OFF",
    "-7200, CLOCK_OFF"
  })
  void theClock(int seconds, ClientVerdict verdict) {
    Optional<Duration> ahead = Optional.of(Duration.ofSeconds(seconds));
    assertThat(ClockVerdicts.ofServer(ahead).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "1, the same to a second",
    "-90, 90 s behind",
    "600, 10 min ahead",
    "-10800, 3 h behind",
    "7776000, 90 days ahead"
  })
  void aDifferenceOfClocksIsToldInAUnitThatFits(int seconds, String words) {
    Duration ahead = Duration.ofSeconds(seconds);
    assertThat(ClockVerdicts.ofDatabase(ahead).seen()).isEqualTo("the database's is " + words);
  }

  @Test
  void aClockThatNobodyTells() {
    assertThat(ClockVerdicts.ofServer(Optional.empty()).verdict())
        .isEqualTo(ClientVerdict.CLOCK_UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "OK, false, REGISTERED",
    "OK, true, REGISTERED_BY_TCP",
    "TOO_FREQUENT, false, REGISTRATION_LIMITED",
    "SERVER_ERROR, false, REGISTRATION_FAILED",
    "NOT_DEPLOYED, false, REGISTRATION_REFUSED",
    "NOT_SUPPORT, true, REGISTRATION_SILENT"
  })
  void theRegistration(Result result, boolean isByTcp, ClientVerdict verdict) {
    RegistrationVerdicts verdicts =
        new RegistrationVerdicts("doctor-1", Optional.of(result), isByTcp);
    assertThat(verdicts.finding().verdict()).isEqualTo(verdict);
    assertThat(verdicts.isRegistered()).isEqualTo(result == Result.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "true, LICENSE_MISMATCH, '', PUNCH_KEY_REFUSED",
    "false, LICENSE_MISMATCH, '', PUNCH_WANTS_KEY",
    "true, OFFLINE, '', PUNCH_UNKNOWN",
    "true, ID_NOT_EXIST, '', PUNCH_UNKNOWN",
    "true, LICENSE_OVERUSE, '', PUNCH_REFUSED",
    "true, ID_NOT_EXIST, not allowed, PUNCH_REFUSED"
  })
  void aRefusedPunch(boolean isKeyGiven, Failure failure, String words, ClientVerdict verdict) {
    PunchHoleResponse answer =
        PunchHoleResponse.newBuilder().setFailure(failure).setOtherFailure(words).build();
    assertThat(new PunchVerdicts(isKeyGiven, false, Optional.of(answer)).finding().verdict())
        .isEqualTo(verdict);
  }

  @Test
  void aPunchThatIsNotHeardOf() {
    assertThat(new PunchVerdicts(true, false, Optional.empty()).finding().verdict())
        .isEqualTo(ClientVerdict.PUNCH_UNTOLD);
    assertThat(new PunchVerdicts(true, true, Optional.empty()).finding().verdict())
        .isEqualTo(ClientVerdict.PUNCH_UNANSWERED);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 198.51.100.1, ANSWERED, RELAY_ANSWERS",
    "203.0.113.9, 198.51.100.1, REFUSED, RELAY_REFUSED",
    "203.0.113.9, 198.51.100.1, DROPPED, RELAY_DROPPED",
    "192.168.1.9, 198.51.100.1, DROPPED, RELAY_NAME_PRIVATE",
    "127.0.0.1, 192.168.1.1, REFUSED, RELAY_NAME_PRIVATE",
    "192.168.1.9, 192.168.1.1, REFUSED, RELAY_REFUSED",
    "10.0.0.9, 198.51.100.1, ANSWERED, RELAY_ANSWERS"
  })
  void theRelay(String relay, String server, Contact contact, ClientVerdict verdict) {
    assertThat(RelayVerdicts.port("relay", Optional.of(at(relay)), at(server), contact).verdict())
        .isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "ANSWERED, 0, WEBSOCKET_ANSWERS, WEBSOCKET_ANSWERS",
    "REFUSED, 0, PORT_NOT_OPEN, PORT_NOT_OPEN",
    "DROPPED, 0, PORT_NOT_OPEN, PORT_NOT_OPEN",
    "CLOSED, 0, WEBSOCKET_PATH_WRONG, RELAY_KEY_REFUSED",
    "SILENT, 0, WEBSOCKET_PATH_WRONG, WEBSOCKET_PATH_WRONG",
    "FOREIGN, 404, WEBSOCKET_PATH_WRONG, WEBSOCKET_PATH_WRONG",
    "FOREIGN, 200, WEBSOCKET_PATH_WRONG, WEBSOCKET_PATH_WRONG",
    "FOREIGN, 400, WEBSOCKET_NOT_UPGRADED, WEBSOCKET_NOT_UPGRADED",
    "FOREIGN, 502, WEBSOCKET_BACKEND_DOWN, WEBSOCKET_BACKEND_DOWN",
    "FOREIGN, 0, WEBSOCKET_NOT_UPGRADED, WEBSOCKET_NOT_UPGRADED"
  })
  void aWebSocket(Contact contact, int status, ClientVerdict ofId, ClientVerdict ofRelay) {
    WebSocketContact found = new WebSocketContact("wss://rd.example/ws/id", contact, status);
    assertThat(found.ofIdServer(Check.WSS_ID).verdict()).isEqualTo(ofId);
    assertThat(found.ofRelay(Check.WSS_RELAY, true).verdict()).isEqualTo(ofRelay);
  }

  @ParameterizedTest
  @CsvSource({"1_000_000, 2, RELAYED", "1_000_000, 10, RELAY_SLOW"})
  void theSpeedOfTheRelay(String bytes, int seconds, ClientVerdict verdict) {
    long sent = Long.parseLong(bytes.replace("_", ""));
    Finding row = RelayVerdicts.passed(Duration.ofMillis(12), sent, Duration.ofSeconds(seconds));
    assertThat(row.verdict()).isEqualTo(verdict);
    assertThat(row.seen()).startsWith("round trip 12.0 ms, ");
  }
}
