package dev.rallypoint.api.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiJson;
import dev.rallypoint.api.ApiRefusal;
import dev.rallypoint.book.LegacyBook.Content;
import dev.rallypoint.book.LegacyBook.Copy;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.TagTable.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole book as a JSON text in a JSON object, as clients below 1.2.4 have it. It is read token
 * by token: of a body of some megabytes nothing is kept that is no part of a book.
 */
final class LegacyJson {
  private static final Map<String, EntryField> FIELDS =
      Stream.of(EntryField.values())
          .collect(Collectors.toUnmodifiableMap(EntryField::wireName, Function.identity()));

  private LegacyJson() {}

  /** The book as such a client reads it. */
  static Map<String, Object> of(Content content) {
    Map<String, Object> book = new LinkedHashMap<>();
    book.put("tags", content.tags().stream().map(Tag::name).toList());
    book.put("peers", content.entries().stream().map(BookJson::of).toList());
    Map<String, Long> colors = new LinkedHashMap<>();
    content.tags().forEach(tag -> colors.put(tag.name(), tag.color()));
    book.put("tag_colors", new String(ApiJson.bytes(colors), UTF_8));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("licensed_devices", BookLimits.ENTRIES);
    answer.put("data", new String(ApiJson.bytes(book), UTF_8));
    return answer;
  }

  /** The copy that a client writes back. */
  static Copy copy(byte[] body) {
    String data = "";
    try (JsonParser parser = object(body)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("data")) {
          data = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw malformed();
    }
    if (data.isEmpty()) {
      throw refusal("data is missing, or no text");
    }
    return book(data.getBytes(UTF_8));
  }

  private static Copy book(byte[] data) {
    List<String> tags = new ArrayList<>();
    Map<String, Long> colors = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    boolean hasPeers = false;
    try (JsonParser parser = object(data)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("peers") && value == JsonToken.START_ARRAY) {
          hasPeers = true;
          readPeers(parser, entries);
        } else if (name.equals("tags") && value == JsonToken.START_ARRAY) {
          tags = texts(parser, BookLimits.TAGS, "tags");
        } else if (name.equals("tag_colors") && value == JsonToken.VALUE_STRING) {
          colors = colors(parser.getText());
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw malformed();
    }
    if (!hasPeers) {
      throw refusal("data has no array of peers");
    }
    return new Copy(tags, colors, entries);
  }

  private static void readPeers(JsonParser parser, List<Entry> entries) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw refusal("peer %d is no object".formatted(entries.size() + 1));
      }
      if (entries.size() == BookLimits.ENTRIES) {
        throw refusal("an address book has %d entries at most".formatted(BookLimits.ENTRIES));
      }
      entries.add(peer(parser, entries.size() + 1));
    }
  }

  private static Entry peer(JsonParser parser, int number) throws IOException {
    String id = "";
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    Optional<List<String>> tags = Optional.empty();
    Optional<Boolean> sameServer = Optional.empty();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      EntryField field = FIELDS.get(name);
      if (field != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        texts.put(field, parser.getText());
      } else if (name.equals("id") && value == JsonToken.VALUE_STRING) {
        id = parser.getText();
      } else if (name.equals("tags") && value == JsonToken.START_ARRAY) {
        tags = Optional.of(texts(parser, BookLimits.TAGS_OF_ENTRY, "the tags of a peer"));
      } else if (name.equals("same_server") && value.isBoolean()) {
        sameServer = Optional.of(value == JsonToken.VALUE_TRUE);
      } else {
        parser.skipChildren();
      }
    }
    if (id.isEmpty()) {
      throw refusal("peer %d has no id".formatted(number));
    }
    return new Entry(id, texts, tags, sameServer);
  }

  private static List<String> texts(JsonParser parser, int most, String what) throws IOException {
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING || texts.size() == most) {
        throw refusal("%s are no array of at most %d texts".formatted(what, most));
      }
      texts.add(parser.getText());
    }
    return texts;
  }

  private static Map<String, Long> colors(String text) throws IOException {
    Map<String, Long> colors = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return colors;
    }
    try (JsonParser parser = object(text.getBytes(UTF_8))) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && colors.size() < BookLimits.TAGS) {
          colors.put(name, parser.getLongValue());
        } else {
          parser.skipChildren();
        }
      }
    }
    return colors;
  }

  private static JsonParser object(byte[] body) throws IOException {
    JsonParser parser = ApiJson.parser(body);
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw malformed();
    }
    return parser;
  }

  private static ApiRefusal malformed() {
    return refusal("the address book is no JSON object");
  }

  private static ApiRefusal refusal(String line) {
    return new ApiRefusal(ApiAnswer.BAD_REQUEST, line);
  }
}
