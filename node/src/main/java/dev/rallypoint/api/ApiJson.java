package dev.rallypoint.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
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
public final class ApiJson {
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

  /** A value as JSON. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value.getClass() + " cannot be written as JSON", e);
    }
  }

  /** The value in a text that was written as JSON. */
  static JsonNode value(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the database has JSON that cannot be read", e);
    }
  }

  /** The object of a body; an empty one for a body without a value. */
  public static JsonNode object(byte[] body) {
    JsonNode node = tree(body);
    if (node == null || node.isMissingNode() || node.isNull()) {
      return MAPPER.createObjectNode();
    }
    if (!node.isObject()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is no JSON object");
    }
    return node;
  }

  /**
   * Reads JSON token by token, for what is too large for a tree of its values.
   *
   * @throws IOException when it is no JSON; while it is read, too
   */
  public static JsonParser parser(byte[] body) throws IOException {
    return MAPPER.createParser(body);
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
  public static List<String> texts(byte[] body, int most) {
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
  public static List<String> texts(String what, JsonNode node, int most) {
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
  public static String text(JsonNode object, String name, int longest) {
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
