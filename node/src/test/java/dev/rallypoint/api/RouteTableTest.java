package dev.rallypoint.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rallypoint.api.RouteTable.Found;
import dev.rallypoint.api.RouteTable.Route;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  private static final Route ROUTE =
      new Route(request -> CompletableFuture.completedStage(ApiAnswer.done()), 100);

  private final RouteTable table = new RouteTable();

  @BeforeEach
  void fill() {
    table.add("GET", "/", ROUTE);
    table.add("GET", "/api/ab", ROUTE);
    table.add("POST", "/api/ab/tags/{guid}", ROUTE);
    table.add("PUT", "/api/ab/tags/{guid}/of/{other}", ROUTE);
    table.add("POST", "/api/users/invite", ROUTE);
    table.add("DELETE", "/api/users/{guid}", ROUTE);
  }

  @ParameterizedTest
  @CsvSource({
    "/, GET, {}",
    "/api/ab, GET, {}",
    "/api/ab/tags/x-1, POST, {guid=x-1}",
    "/api/ab/tags/a/of/b, PUT, '{other=b, guid=a}'",
    "/api/users/invite, POST, {}",
    "/api/users/invites, DELETE, {guid=invites}"
  })
  void finds(String path, String method, String values) {
    Found found = table.find(path).orElseThrow();

    assertThat(found.methods()).containsOnlyKeys(method);
    assertThat(found.values()).hasToString(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api", "/api/ab/", "/api/ab/tags", "/api/ab/tags/", "//api/ab", "/x"})
  void findsNothing(String path) {
    assertThat(table.find(path)).isEmpty();
  }

  @Test
  void refusesARouteThatIsThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.add("DELETE", "/api/users/{guid}", ROUTE));
  }

  @Test
  void refusesASecondNameForASegment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.add("GET", "/api/users/{name}", ROUTE));
  }
}
