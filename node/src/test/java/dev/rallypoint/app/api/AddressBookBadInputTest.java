package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the calls of address books answer to what they cannot take; nothing is changed by it. */
class AddressBookBadInputTest extends WithBooks {
  private static final String NOWHERE = "00000000-0000-7000-8000-00000000dead";
  private static String book;

  /** All routes with a good body; BOOK stands for the guid of a book. */
  private static final List<String> ROUTES =
      List.of(
          "POST /api/ab/personal ",
          "POST /api/ab/settings ",
          "POST /api/ab/shared/profiles ",
          "POST /api/ab/peers?ab=BOOK ",
          "GET /api/ab/peers?ab=BOOK ",
          "POST /api/ab/tags/BOOK ",
          "GET /api/ab/tags/BOOK ",
          "POST /api/ab/peer/add/BOOK {\"id\":\"1\"}",
          "PUT /api/ab/peer/update/BOOK {\"id\":\"kept\",\"note\":\"changed\"}",
          "DELETE /api/ab/peer/BOOK [\"kept\"]",
          "GET /api/ab/recycle-bin/BOOK ",
          "POST /api/ab/recycle-bin/BOOK [\"kept\"]",
          "POST /api/ab/tag/add/BOOK {\"name\":\"t\",\"color\":1}",
          "PUT /api/ab/tag/rename/BOOK {\"old\":\"kept\",\"new\":\"t\"}",
          "PUT /api/ab/tag/update/BOOK {\"name\":\"kept\",\"color\":1}",
          "DELETE /api/ab/tag/BOOK [\"kept\"]",
          "GET /api/ab ",
          "POST /api/ab/get {}",
          "POST /api/ab {\"data\":\"{\\\"peers\\\":[]}\"}",
          "POST /api/ab/shared/add {\"name\":\"New\"}",
          "PUT /api/ab/shared/update/profile {\"guid\":\"BOOK\",\"name\":\"New\"}",
          "DELETE /api/ab/shared [\"BOOK\"]",
          "GET /api/ab/shared/recycle-bin ",
          "POST /api/ab/shared/recycle-bin [\"BOOK\"]",
          "GET /api/ab/rules?ab=BOOK ",
          "POST /api/ab/rule {\"guid\":\"BOOK\",\"rule\":3}",
          "PATCH /api/ab/rule {\"guid\":\"BOOK\",\"rule\":3}",
          "DELETE /api/ab/rules [\"BOOK\"]");

  @BeforeAll
  static void makeABook() throws Exception {
    book = sharedBook();
    assertDone(
        call("POST", "/api/ab/peer/add/" + book, bob, "{\"id\":\"kept\",\"tags\":[\"kept\"]}"));
  }

  private static HttpResponse<String> route(String route, String guid, String token)
      throws Exception {
    String[] parts = route.replace("BOOK", guid).split(" ", 3);
    return call(parts[0], parts[1], token, parts[2]);
  }

  private static void assertUnchanged() throws Exception {
    assertThat(call("GET", "/api/ab/peers?ab=" + book, bob, "").body())
        .contains("\"total\":1", "\"id\":\"kept\"", "\"note\":\"\"", "\"tags\":[\"kept\"]");
    assertThat(json("GET", "/api/ab/rules?ab=" + book, bob, "").path("total").asInt()).isZero();
  }

  static Stream<String> routes() {
    return ROUTES.stream();
  }

  static Stream<String> routesOfABook() {
    return ROUTES.stream().filter(route -> route.contains("BOOK"));
  }

  @ParameterizedTest
  @MethodSource("routes")
  void asksForALogin(String route) throws Exception {
    assertRefused(401, route(route, book, ""));
    assertRefused(401, route(route, book, "rpc_unknown"));
    assertUnchanged();
  }

  @ParameterizedTest
  @MethodSource("routesOfABook")
  void knowsNoBookOfAnotherUser(String route) throws Exception {
    assertRefused(404, route(route, book, alice));
    assertUnchanged();
  }

  @ParameterizedTest
  @MethodSource("routesOfABook")
  void knowsNoBookOfAnotherGuid(String route) throws Exception {
    assertRefused(404, route(route, NOWHERE, bob));
    for (String guid : List.of("1", "%25", "'+or+1=1--", "%00", "x".repeat(500))) {
      assertThat(route(route, guid, bob).statusCode()).isIn(400, 404);
    }
    assertUnchanged();
  }

  static Stream<Arguments> badBodies() {
    return ROUTES.stream()
        .filter(route -> route.contains("{\"") || route.contains("[\""))
        .flatMap(route -> {
          String[] parts = route.split(" ", 3);
          String head = parts[0] + " " + parts[1] + " ";
          return Stream.of(
                  "{",
                  "7",
                  "\"text\"",
                  "[7]",
                  "[null]",
                  "[{}]",
                  "[[\"x\"]]",
                  "{\"id\":7,\"name\":7,\"old\":7,\"guid\":7,\"data\":7}",
                  "{\"id\":{},\"name\":{},\"old\":{},\"guid\":{},\"data\":{}}",
                  "{\"id\":\"\",\"name\":\"\",\"old\":\"\",\"guid\":\"\",\"data\":\"\"}",
                  "[".repeat(1_000),
                  "{\"a\":" + "[".repeat(1_000))
              .map(body -> Arguments.of(head, body));
        });
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void refusesABadBody(String head, String body) throws Exception {
    assertThat(route(head + body, book, bob).statusCode()).isIn(400, 404);
    assertUnchanged();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"kept\",\"alias\":7}",
        "{\"id\":\"kept\",\"alias\":[]}",
        "{\"id\":\"kept\",\"tags\":\"t\"}",
        "{\"id\":\"kept\",\"tags\":[7]}",
        "{\"id\":\"kept\",\"tags\":[\"\"]}",
        "{\"id\":\"kept\",\"tags\":{}}",
        "{\"id\":\"kept\",\"same_server\":\"true\"}",
        "{\"id\":\"kept\",\"rdpPort\":{}}",
        "{\"id\":\"kept\",\"note\":\"a\\u0000b\"}",
        "{\"id\":\"kept\",\"alias\":\"\\ud800\"}",
        "{\"id\":\"ke\\npt\"}",
        "{\"id\":[\"kept\"]}",
        "{\"note\":\"n\"}"
      })
  void refusesABadEntry(String body) throws Exception {
    assertRefused(400, call("POST", "/api/ab/peer/add/" + book, bob, body));
    assertRefused(400, call("PUT", "/api/ab/peer/update/" + book, bob, body));
    assertUnchanged();
  }

  @Test
  void boundsTexts() throws Exception {
    String add = "/api/ab/peer/add/" + book;
    for (String body :
        List.of(
            "{\"id\":\"" + "9".repeat(129) + "\"}",
            "{\"id\":\"kept\",\"alias\":\"" + "a".repeat(257) + "\"}",
            "{\"id\":\"kept\",\"note\":\"" + "a".repeat(2_049) + "\"}",
            "{\"id\":\"kept\",\"tags\":[\"" + "a".repeat(129) + "\"]}",
            "{\"id\":\"kept\",\"tags\":[" + "\"a\",".repeat(64) + "\"b\"]}")) {
      assertRefused(400, call("POST", add, bob, body));
    }
    assertRefused(413, call("POST", add, bob, "x".repeat(70_000)));
    assertUnchanged();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"name\":\"t\",\"color\":\"red\"}",
        "{\"name\":\"t\",\"color\":1.5}",
        "{\"name\":\"t\",\"color\":99999999999999999999}",
        "{\"name\":\"\",\"color\":1}",
        "{\"name\":\"a\\u0000\",\"color\":1}",
        "{\"color\":1}"
      })
  void refusesABadTag(String body) throws Exception {
    assertRefused(400, call("POST", "/api/ab/tag/add/" + book, bob, body));
    assertRefused(400, call("PUT", "/api/ab/tag/update/" + book, bob, body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"My address book\"}",
        "{\"name\":\"LEGACY address book\"}",
        "{\"name\":\"x\",\"info\":\"password\"}",
        "{\"name\":\"x\",\"info\":{\"password\":7}}",
        "{\"name\":\"x\",\"note\":7}"
      })
  void refusesABadSharedBook(String body) throws Exception {
    assertRefused(400, call("POST", "/api/ab/shared/add", bob, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "\"3\"", "1.0", "null", "4294967297"})
  void refusesABadRule(String rule) throws Exception {
    assertRefused(
        400,
        call("POST", "/api/ab/rule", bob, "{\"guid\":\"%s\",\"rule\":%s}".formatted(book, rule)));
    assertUnchanged();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":\"{}\"}",
        "{\"data\":\"[]\"}",
        "{\"data\":\"{\\\"peers\\\":{}}\"}",
        "{\"data\":\"{\\\"peers\\\":[7]}\"}",
        "{\"data\":\"{\\\"peers\\\":[{}]}\"}",
        "{\"data\":\"{\\\"peers\\\":[{\\\"id\\\":\\\"1\\\"}\"}",
        "{\"data\":\"{\\\"peers\\\":[],\\\"tags\\\":[7]}\"}",
        "{\"data\":\"{\\\"peers\\\":[],\\\"tag_colors\\\":\\\"[\\\"}\"}",
        "{\"data\":null}",
        "{}",
        ""
      })
  void changesNothingByABadCopy(String body) throws Exception {
    String own = personal(bob);
    assertDone(call("POST", "/api/ab/peer/add/" + own, bob, "{\"id\":\"mine\"}"));
    assertRefused(400, call("POST", "/api/ab", bob, body));
    assertThat(call("GET", "/api/ab/peers?ab=" + own, bob, "").body()).contains("\"mine\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rpc_unknown"})
  void readsNoLargeBodyWithoutAGoodToken(String token) throws Exception {
    String large = "{\"data\":\"" + "x".repeat(1024 * 1024) + "\"}";
    assertThat(call("POST", "/api/ab", token, large).statusCode()).isIn(401, 413);
  }

  @Test
  void boundsABodyWhoseLengthIsNotTold() throws Exception {
    HttpRequest endless =
        HttpRequest.newBuilder(URI.create(base() + "/api/ab"))
            .header("Authorization", "Bearer " + bob)
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(new byte[9 * 1024 * 1024])))
            .build();
    try {
      assertThat(http.send(endless, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    } catch (IOException closedWhileSending) {
      assertThat(closedWhileSending).isNotNull();
    }
    assertUnchanged();
  }
}
