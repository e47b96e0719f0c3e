package dev.rallypoint.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the API: names in snake_case, what is absent left out. Unknown fields of a request are
 * passed over; its depth is bounded.
 */
final class ApiJson {
  private static final int DEEPEST = 32;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  private ApiJson() {}

  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value.getClass() + " cannot be written as JSON", e);
    }
  }

  /** The object of a body; an empty one for a body without a value. */
  static JsonNode object(byte[] body) {
    JsonNode node = tree(body);
    if (node == null || node.isMissingNode() || node.isNull()) {
      return MAPPER.createObjectNode();
    }
    if (!node.isObject()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON object");
    }
    return node;
  }

  private static @Nullable JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON");
    }
  }

  /**
   * The texts of a body that is an array of them; none for a body without a value.
   *
   * @throws ApiRefusal when it is something else, or there are more than so many
   */
  static List<String> texts(byte[] body, int most) {
    JsonNode node = tree(body);
    return node == null || node.isMissingNode() || node.isNull()
        ? List.of()
        : texts("the body", node, most);
  }

  /**
   * The texts of an array of them.
   *
   * @param what names it in the refusal
   * @throws ApiRefusal when it is something else, or there are more than so many
   */
  static List<String> texts(String what, JsonNode node, int most) {
    if (!node.isArray() || node.size() > most) {
      throw new ApiRefusal(
          ApiAnswer.BAD_REQUEST, "%s is no array of at most %d texts".formatted(what, most));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : node) {
      if (!text.isTextual()) {
        throw new ApiRefusal(ApiAnswer.BAD_REQUEST, what + " has something that is no text");
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  /**
   * A text in an object, or empty where it is not there or null.
   *
   * @throws ApiRefusal when it is no text, or longer than so many characters
   */
  static String text(JsonNode object, String name, int longest) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is no text");
    }
    if (value.textValue().length() > longest) {
      throw new ApiRefusal(
          ApiAnswer.BAD_REQUEST, name + " has more than " + longest + " characters");
    }
    return value.textValue();
  }
}
