package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.Diagnosis.Client;
import dev.rallypoint.policy.Diagnosis.Facts;
import dev.rallypoint.policy.Diagnosis.Known;
import dev.rallypoint.policy.Diagnosis.Outcome;
import dev.rallypoint.policy.Diagnosis.Relays;
import dev.rallypoint.policy.Diagnosis.Step;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private static final Relays ONE_NODE = new Relays(List.of(), List.of(), 1, 0, false);

  private static Client client(String way, String nat, String refusals, String lists) {
    return new Client(way, nat, words(refusals), words(lists));
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : Arrays.asList(text.split(";"));
  }

  private static List<Step> steps(Known known, Client target, Client from, Relays relays) {
    return Diagnosis.of(new Facts("123456789", known, target, from, false, relays));
  }

  @ParameterizedTest
  @CsvSource({
    "IMPOSSIBLE, , id, no device can have this id",
    "NOBODY, , stored, ID does not exist",
    "NOBODY, registration uuid_mismatch, stored, ID does not exist",
    "OFFLINE, , online, not heard lately",
    "UNCLEAR, , online, neither the database"
  })
  void aRequestForAnIdThatIsNotOnlineEndsThereWithAMend(
      Known known, String refusals, String name, String found) {
    List<Step> steps = steps(known, client("", "", refusals, null), Client.UNKNOWN, ONE_NODE);
    assertThat(steps).hasSize(1);
    assertThat(steps.getFirst().name()).isEqualTo(name);
    assertThat(steps.getFirst().outcome()).isEqualTo(Outcome.FAULT);
    assertThat(steps.getFirst().found()).contains(found);
    assertThat(steps.getFirst().mend()).isNotEmpty();
  }

  @Test
  void aDeviceThatWasInstalledAnewIsToBeGivenItsIdBack() {
    Client refused = client("", "", "registration uuid_mismatch", null);
    assertThat(steps(Known.OFFLINE, refused, Client.UNKNOWN, ONE_NODE).getFirst().mend())
        .contains("rallypoint peers 123456789 release");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          punch access_key       |           | key    | paste the key
          access_key             |           | key    | paste the key
          connection_per_address |           | limits | exempt-networks
                                 | blocklist | lists  | limits blocklist remove
          """)
  void whatTheRequesterMetLatelyIsAWarningWithItsMend(
      String refusals, String lists, String name, String mend) {
    List<Step> steps =
        steps(
            Known.ONLINE, client("udp", "", null, null), client("", "", refusals, lists), ONE_NODE);
    assertThat(steps)
        .filteredOn(step -> step.outcome() == Outcome.WARNING)
        .singleElement()
        .satisfies(step -> {
          assertThat(step.name()).isEqualTo(name);
          assertThat(step.mend()).contains(mend);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "udp, , '', , false, by hole punching",
    "udp, symmetric, udp, symmetric, false, both are behind symmetric NATs",
    "udp, symmetric, udp, asymmetric, false, by hole punching",
    "websocket, , udp, , false, over the relay",
    "udp, , websocket, , false, over the relay",
    "udp, , udp, , true, always-use-relay"
  })
  void tellsByWhichWayTwoClientsConnect(
      String way, String nat, String fromWay, String fromNat, boolean isForced, String found) {
    List<Step> steps =
        steps(
            Known.ONLINE,
            client(way, nat == null ? "" : nat, null, null),
            client(fromWay, fromNat == null ? "" : fromNat, null, null),
            new Relays(List.of(), List.of(), 1, 0, isForced));
    assertThat(steps)
        .filteredOn(step -> step.name().equals("way"))
        .singleElement()
        .satisfies(step -> assertThat(step.found()).contains(found));
  }

  @Test
  void clientsOfOneHostExchangeTheirLocalAddresses() {
    Client one = client("udp", "", null, null);
    assertThat(Diagnosis.of(new Facts("123456789", Known.ONLINE, one, one, true, ONE_NODE)))
        .filteredOn(step -> step.name().equals("way"))
        .singleElement()
        .satisfies(step -> assertThat(step.found()).contains("local addresses"));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example;b.example, a.example, 0, 0, OK, sent to a.example or b.example",
    "a.example;b.example, b.example;a.example, 0, 0, WARNING, no relay of relay-servers answers",
    ", , 0, 0, WARNING, no node relays",
    ", , 2, 2, WARNING, is draining",
    ", , 2, 1, OK, host"
  })
  void looksWhetherThereIsARelay(
      String named, String silent, int nodes, int draining, Outcome outcome, String found) {
    List<Step> steps =
        steps(
            Known.ONLINE,
            client("udp", "", null, null),
            Client.UNKNOWN,
            new Relays(words(named), words(silent), nodes, draining, false));
    assertThat(steps.getLast().name()).isEqualTo("relay");
    assertThat(steps.getLast().outcome()).isEqualTo(outcome);
    assertThat(steps.getLast().found()).contains(found);
  }
}
