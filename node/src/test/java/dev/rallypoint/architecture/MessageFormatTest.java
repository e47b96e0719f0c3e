package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.MessageFormat;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The messages between nodes against those recorded for their format. Nodes of the last release run
 * beside today's: what they send and read must stay, or the format has a new number.
 */
class MessageFormatTest {
  private static final Path RECORD =
      Path.of("src/test/resources/message-format-" + MessageFormat.CURRENT + ".txt");

  private static List<String> today() {
    Deque<Class<?>> open =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.rallypoint")
                .stream()
                .filter(type -> type.isAssignableTo(ClusterMessage.class) && !type.isInterface())
                .<Class<?>>map(JavaClass::reflect)
                .collect(Collectors.toCollection(ArrayDeque::new));
    TreeSet<String> lines = new TreeSet<>();
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      if (lines.add(described(type)) && type.isRecord()) {
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .filter(field -> field.isRecord() || field.isEnum())
            .forEach(open::push);
      }
    }
    return List.copyOf(lines);
  }

  private static String described(Class<?> type) {
    String fields =
        type.isEnum()
            ? Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .collect(Collectors.joining(", "))
            : Arrays.stream(type.getRecordComponents())
                .map(part -> part.getName() + ": " + part.getType().getSimpleName())
                .collect(Collectors.joining(", "));
    return type.getName() + "(" + fields + ")";
  }

  @Test
  void isTheOneThatIsRecordedUnderItsNumber() throws IOException {
    List<String> today = today();
    if (Boolean.getBoolean("record-message-format")) {
      Files.write(RECORD, today, StandardCharsets.UTF_8);
    }
    assertThat(today)
        .as(
            "Messages between nodes have changed. Where nodes of the last release understand each"
                + " other with today's as before (a field more that may be missing), record them"
                + " anew by -Drecord-message-format=true; else give MessageFormat the next number,"
                + " and keep what reads the last one.")
        .containsExactlyElementsOf(Files.readAllLines(RECORD));
  }
}
