package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What audits and strategies read of JSON. What people read is cut, numbers have their bounds. */
final class AuditJson {
  private static final BigInteger LARGEST_UNSIGNED = BigInteger.TWO.pow(Long.SIZE);
  private static final int LARGEST_KIND = 255;
  private static final int LONGEST_ID = 64;

  private AuditJson() {}

  /**
   * A whole number of 64 bits, or empty where it is not there or null.
   *
   * @throws ApiRefusal when it is something else
   */
  static Optional<Long> number(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is no whole number");
    }
    return Optional.of(value.longValue());
  }

  /** A small number that stands for something, or empty where it is not there or null. */
  static Optional<Integer> kind(JsonNode object, String name) {
    Optional<Long> number = number(object, name);
    if (number.isPresent() && (number.get() < 0 || number.get() > LARGEST_KIND)) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is not between 0 and " + LARGEST_KIND);
    }
    return number.map(Math::toIntExact);
  }

  /** The number of a session, which has 64 bits without a sign; 0 where it is not there. */
  static long session(JsonNode object) {
    JsonNode value = object.path("session_id");
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber()) {
      throw noSession();
    }
    return unsigned(value.bigIntegerValue());
  }

  /** The number of a session, of a query. */
  static long session(String text) {
    if (!text.matches("[0-9]{1,20}")) {
      throw noSession();
    }
    return unsigned(new BigInteger(text));
  }

  private static long unsigned(BigInteger number) {
    if (number.signum() < 0 || number.compareTo(LARGEST_UNSIGNED) >= 0) {
      throw noSession();
    }
    return number.longValue();
  }

  private static ApiRefusal noSession() {
    return new ApiRefusal(ApiAnswer.BAD_REQUEST, "session_id is no number of 64 bits");
  }

  /** A text for people, or empty where it is not there: without control characters, and cut. */
  static String shown(JsonNode value, int longest) {
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "something is no text");
    }
    String text = value.asText("").replaceAll("\\p{Cntrl}", " ");
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }

  /** An id or address of the other side. */
  static String id(JsonNode value) {
    return shown(value, LONGEST_ID);
  }

  /** A yes or no, or empty where it is not there or null. */
  static Optional<Boolean> flag(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isBoolean()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is neither true nor false");
    }
    return Optional.of(value.booleanValue());
  }

  /** A list of texts; an empty one where it is not there or null. */
  static List<String> texts(JsonNode object, String name, int most, int longest) {
    JsonNode list = object.path(name);
    List<String> texts = new ArrayList<>();
    if (list.isMissingNode() || list.isNull()) {
      return texts;
    }
    if (!list.isArray() || list.size() > most) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is no list of at most " + most);
    }
    for (JsonNode text : list) {
      if (!text.isTextual() || text.textValue().length() > longest) {
        throw new ApiRefusal(
            ApiAnswer.BAD_REQUEST, name + " has something else than texts of " + longest);
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  /** Texts by names; none where they are not there or null. */
  static Map<String, String> textsByName(JsonNode object, String name) {
    JsonNode all = object.path(name);
    if (all.isMissingNode() || all.isNull()) {
      return Map.of();
    }
    if (!all.isObject() || all.properties().stream().anyMatch(one -> !one.getValue().isTextual())) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is no object of texts");
    }
    return all.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().textValue()));
  }

  /** The JSON object that is in a text, such as {@code info}. */
  static JsonNode inside(JsonNode object, String name, int longest) {
    String text = ApiJson.text(object, name, longest);
    return ApiJson.object(text.getBytes(UTF_8));
  }
}
