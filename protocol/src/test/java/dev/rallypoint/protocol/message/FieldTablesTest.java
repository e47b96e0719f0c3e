package dev.rallypoint.protocol.message;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.rallypoint.protocol.proto.Peer;
import dev.rallypoint.protocol.proto.Rendezvous;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/protocol.md and the .proto files say the same, neither more than the other.
 */
class FieldTablesTest {
  private static final Pattern UNION_ROW =
      Pattern.compile("^\\| (\\d+) \\| `(\\w+)` \\| `(\\w+)` \\|.*");
  private static final Pattern TYPE_ROW = Pattern.compile("^\\| `(\\w+)` \\| (\\d+ .*) \\|$");

  @Test
  void everyMessageAndEnumHasItsFieldsInTheTable() throws Exception {
    assertThat(rows(TYPE_ROW, 1, row -> row.group(2))).isEqualTo(declaredTypes());
  }

  @Test
  void everyMemberOfTheUnionHasItsNumberInTheTable() throws Exception {
    Map<String, String> declared = new TreeMap<>();
    for (FieldDescriptor member : union().getFields()) {
      declared.put(
          String.valueOf(member.getNumber()),
          member.getName() + " " + member.getMessageType().getName());
    }

    assertThat(rows(UNION_ROW, 1, row -> row.group(2) + " " + row.group(3))).isEqualTo(declared);
  }

  private static Map<String, String> rows(Pattern pattern, int key, Function<Matcher, String> value)
      throws Exception {
    Path module = Path.of(System.getProperty("basedir", "."));
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(module.resolve("../docs/protocol.md"))) {
      Matcher row = pattern.matcher(line);
      if (row.matches()) {
        rows.put(row.group(key), value.apply(row));
      }
    }
    return rows;
  }

  private static Map<String, String> declaredTypes() {
    Map<String, String> types = new TreeMap<>();
    files()
        .flatMap(file -> file.getMessageTypes().stream())
        .filter(type -> !type.equals(union()))
        .forEach(type -> {
          types.put(type.getName(), fields(type));
          type.getEnumTypes().forEach(nested -> types.put(nested.getName(), numbers(nested)));
        });
    files()
        .flatMap(file -> file.getEnumTypes().stream())
        .forEach(type -> types.put(type.getName(), numbers(type)));
    return types;
  }

  private static Stream<FileDescriptor> files() {
    return Stream.of(Rendezvous.getDescriptor(), Peer.getDescriptor());
  }

  private static Descriptor union() {
    return Rendezvous.getDescriptor().findMessageTypeByName("RendezvousMessage");
  }

  private static String fields(Descriptor type) {
    return type.getFields().stream().map(FieldTablesTest::field).collect(joining(", "));
  }

  private static String field(FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getName();
          case ENUM -> field.getEnumType().getName();
          default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    String either = field.getContainingOneof() == null ? "" : "either ";
    String repeated = field.isRepeated() ? "repeated " : "";
    return field.getNumber() + " " + field.getName() + " " + either + repeated + type;
  }

  private static String numbers(EnumDescriptor type) {
    return type.getValues().stream()
        .map(value -> value.getNumber() + " " + value.getName())
        .collect(joining(", "));
  }
}
