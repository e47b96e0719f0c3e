package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleNameTest {
  private static final BandwidthSettings SETTINGS =
      new BandwidthSettings(128, 1024, 32, 0.66, Duration.ofSeconds(1_800));

  @ParameterizedTest
  @EnumSource
  void isFoundByItsTextAndTakesNoValueForTheNodesOwnSetting(RuleName rule) {
    assertThat(RuleName.of(rule.text())).contains(rule);
    rule.check("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          always-use-relay      | yes              | write Y or N
          relay-servers         | a.example,0.0.0.0 | relay-servers = 0.0.0.0
          blocklist             | example.org      | blocklist line 1 = example.org
          limit-speed           | 0                | limit-speed = 0
          total-bandwidth       | much             | not a number
          downgrade-threshold   | NaN              | downgrade-threshold = NaN
          downgrade-start-check | -1               | downgrade-start-check
          """)
  void refusesAValueThatCannotBeUsed(String name, String value, String words) {
    assertThatThrownBy(() -> RuleName.of(name).orElseThrow().check(value))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "single-bandwidth, 64, 64",
    "total-bandwidth, 2.5, 2.5",
    "limit-speed, 16, 16",
    "downgrade-threshold, 0.5, 0.5",
    "downgrade-start-check, 60, 60"
  })
  void changesOneLimitAndLeavesTheOthers(String name, String value, String shown) {
    RuleName rule = RuleName.of(name).orElseThrow();

    BandwidthSettings changed = rule.with(SETTINGS, value);

    assertThat(rule.of(changed)).isEqualTo(shown);
    assertThat(rule.with(changed, rule.of(SETTINGS))).isEqualTo(SETTINGS);
  }

  @Test
  void namesNoRelayByADash() {
    assertThat(RuleName.relays("-")).isEmpty();
    assertThat(RuleName.relays("a.example, b.example:1"))
        .containsExactly("a.example", "b.example:1");
  }
}
