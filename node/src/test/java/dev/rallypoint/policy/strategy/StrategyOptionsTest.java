package dev.rallypoint.policy.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrategyOptionsTest {
  private static StrategyOptions of(Map<String, String> options) {
    return new StrategyOptions(options, Map.of());
  }

  @Test
  void areFineWithOptionsOfClients() {
    assertThat(of(Map.of("enable-keyboard", "N", "enable-audio", "")).fault()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "a\"", "\u00e4"})
  void refuseNamesThatNoOptionHas(String name) {
    assertThat(of(Map.of(name, "Y")).fault()).isPresent();
  }

  @Test
  void refuseLongNamesAndValuesAndTooMany() {
    assertThat(of(Map.of("a".repeat(65), "Y")).fault()).isPresent();
    assertThat(of(Map.of("a", "x".repeat(2_049))).fault()).isPresent();
    assertThat(of(Map.of("a", "x\u0000")).fault()).isPresent();
    Map<String, String> many =
        IntStream.range(0, 201).boxed().collect(Collectors.toMap(i -> "o" + i, i -> "Y"));
    assertThat(of(many).fault()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"custom-rendezvous-server", "key", "api-server", "relay-server", "stop-service"})
  void areNotPublishedUnconfirmedWhereDevicesMayLeave(String name) {
    StrategyOptions options = of(Map.of(name, "x", "enable-audio", "N"));
    assertThat(options.unconfirmed(Set.of())).containsExactly(name);
    assertThat(options.unconfirmed(Set.of(name))).isEmpty();
    assertThat(new StrategyOptions(Map.of(), Map.of(name, "x")).unconfirmed(Set.of()))
        .containsExactly(name);
  }

  @Test
  void removeWhatAnEarlierStrategyHad() {
    assertThat(of(Map.of("a", "1", "b", "2")).after(Set.of("b", "c")).configOptions())
        .isEqualTo(Map.of("a", "1", "b", "2", "c", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "one, two, three, 1",
    ", two, three, 2",
    ", , three, 3",
    ", , , 0",
    "off, two, three, 2",
    "off, off, off, 0"
  })
  void countForADeviceBeforeItsUserAndItsGroup(
      String own, String ofUser, String ofGroup, long number) {
    assertThat(
            StrategyChoice.of(
                Optional.ofNullable(own),
                Optional.ofNullable(ofUser),
                Optional.ofNullable(ofGroup),
                Map.of("one", 1L, "two", 2L, "three", 3L)))
        .isEqualTo(number);
  }
}
