package dev.rallypoint.api.book;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiJson;
import dev.rallypoint.api.ApiRefusal;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookText;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.TagTable.Tag;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Entries and tags as clients write and read them. What is null is as what is not there. */
final class BookJson {
  /** Longer texts are refused by the rules of address books, with a line that names the bound. */
  private static final int LONGEST = 64 * 1024;

  private BookJson() {}

  /** An entry, or what is changed of one. */
  static Entry entry(JsonNode body) {
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    for (EntryField field : EntryField.values()) {
      JsonNode value = body.path(field.wireName());
      if (!value.isMissingNode() && !value.isNull()) {
        texts.put(field, text(field, value));
      }
    }
    JsonNode tags = body.path("tags");
    return new Entry(
        required(body, "id"),
        texts,
        isThere(tags)
            ? Optional.of(ApiJson.texts("tags", tags, BookLimits.TAGS_OF_ENTRY))
            : Optional.empty(),
        flag(body, "same_server"));
  }

  private static String text(EntryField field, JsonNode value) {
    boolean isText =
        value.isTextual()
            || field == EntryField.FORCE_RELAY && value.isBoolean()
            || field == EntryField.RDP_PORT && value.isIntegralNumber();
    if (!isText) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, field.wireName() + " is no text");
    }
    return value.asText();
  }

  private static Optional<Boolean> flag(JsonNode body, String name) {
    JsonNode value = body.path(name);
    if (!isThere(value)) {
      return Optional.empty();
    }
    if (!value.isBoolean()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is neither true nor false");
    }
    return Optional.of(value.booleanValue());
  }

  private static boolean isThere(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }

  /** A text that must be there. */
  static String required(JsonNode body, String name) {
    return optional(body, name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is missing"));
  }

  /** A text that may be missing. */
  static Optional<String> optional(JsonNode body, String name) {
    return isThere(body.path(name))
        ? Optional.of(ApiJson.text(body, name, LONGEST))
        : Optional.empty();
  }

  /** A tag; its color is made of its name where none is written. */
  static Tag tag(JsonNode body) {
    String name = required(body, "name");
    JsonNode color = body.path("color");
    if (!isThere(color)) {
      return new Tag(name, BookText.color(name));
    }
    if (!color.isIntegralNumber() || !color.canConvertToLong()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "color is no integer");
    }
    return new Tag(name, color.longValue());
  }

  /** An entry as clients read it. */
  static Map<String, Object> of(Entry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", entry.id());
    for (EntryField field : EntryField.values()) {
      fields.put(field.wireName(), entry.text(field));
    }
    // Clients compare it with the text "true".
    fields.put(
        EntryField.FORCE_RELAY.wireName(),
        entry.text(EntryField.FORCE_RELAY).equals("true") ? "true" : "false");
    fields.put("tags", entry.tags().orElse(List.of()));
    entry.sameServer().ifPresent(same -> fields.put("same_server", same));
    return fields;
  }
}
