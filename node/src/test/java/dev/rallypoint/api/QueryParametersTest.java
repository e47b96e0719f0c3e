package dev.rallypoint.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rallypoint.api.QueryParameters.Page;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {
  @ParameterizedTest
  @CsvSource({
    "'', ",
    "accessible=, ''",
    "accessible, ''",
    "accessible=a%26b+c, a&b c",
    "x=1&accessible=2&accessible=3, 3",
    "accessibly=2, "
  })
  void readsAText(String query, String text) {
    assertThat(new QueryParameters(query).text("accessible").orElse(null)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 100",
    "current=1&pageSize=100, 0, 100",
    "current=3&pageSize=30, 60, 30",
    "current=1000000&pageSize=1000, 999999000, 1000"
  })
  void readsAPage(String query, long offset, int size) {
    assertThat(new QueryParameters(query).page()).isEqualTo(new Page(offset, size));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current=0",
        "current=-1",
        "current=x",
        "current=1000001",
        "pageSize=1001",
        "pageSize=0",
        "pageSize=99999999999"
      })
  void refusesAPage(String query) {
    QueryParameters parameters = new QueryParameters(query);

    assertThatExceptionOfType(ApiRefusal.class).isThrownBy(parameters::page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%zz", "%1=x"})
  void refusesWrongPercentSigns(String query) {
    assertThatExceptionOfType(ApiRefusal.class).isThrownBy(() -> new QueryParameters(query));
  }
}
