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
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (IOException e) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON");
    }
    if (node == null || node.isMissingNode() || node.isNull()) {
      return MAPPER.createObjectNode();
    }
    if (!node.isObject()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON object");
    }
    return node;
  }

  /**
   * The texts of a body that is an array of them.
   *
   * @throws ApiRefusal when it is something else, or a text is longer than so many characters
   */
  static List<String> texts(byte[] body, int longest) {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (IOException e) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON");
    }
    if (node == null || !node.isArray()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON array");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isTextual() || element.textValue().length() > longest) {
        throw new ApiRefusal(
            ApiAnswer.BAD_REQUEST, "the array has other values than texts of " + longest);
      }
      texts.add(element.textValue());
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
