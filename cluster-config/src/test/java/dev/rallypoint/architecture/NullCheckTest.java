package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

/**
 * The compiler options of the build find a null where none is allowed. This runs javac with the
 * options of the root {@code pom.xml} on a file that breaks the rule on the lines that say so.
 */
class NullCheckTest {
  private static final String PLANTED =
      """
      package dev.rallypoint.config;
      import java.util.Map;
      import org.jspecify.annotations.Nullable;
      class Planted {
        String returned() { return null; } // fault
        int dereferenced(@Nullable String text) { return text.length(); } // fault
        int missing(Map<String, String> texts) { return texts.get("a").length(); } // fault
        interface Box<T extends @Nullable Object> { T get(); }
        String unboxed(Box<@Nullable String> box) { return box.get(); } // fault
        private String neverSet; // fault
        String passed(@Nullable String text) { return text; } // fault
        @Nullable String allowed() { return null; }
        int checked(@Nullable String text) { return text == null ? 0 : text.length(); }
      }
      """;

  @TempDir Path folder;

  @Test
  void findsEachNullAndNothingElse() throws Exception {
    List<String> lines = PLANTED.lines().toList();
    List<Integer> faults =
        IntStream.rangeClosed(1, lines.size())
            .filter(number -> lines.get(number - 1).endsWith("// fault"))
            .boxed()
            .toList();
    String output = compile();
    assertThat(
            Pattern.compile("Planted\\.java:(\\d+): error: \\[NullAway]").matcher(output).results())
        .as(output)
        .extracting(match -> Integer.valueOf(match.group(1)))
        .containsExactlyInAnyOrderElementsOf(faults);
  }

  @Test
  void hasItsOptionsInTheRootPomOnly() throws Exception {
    assertThat(modules(Path.of("..")).map(module -> module.resolve("pom.xml")))
        .contains(Path.of("..", "loadtest", "peer", "pom.xml"))
        .allSatisfy(pom -> assertThat(pom).content().doesNotContain("maven-compiler-plugin"));
  }

  /** The folders of the modules in a folder, and of the modules in these. */
  private static Stream<Path> modules(Path folder) throws IOException {
    List<Path> modules;
    try (Stream<Path> folders = Files.list(folder)) {
      modules = folders.filter(child -> Files.exists(child.resolve("pom.xml"))).toList();
    }
    List<Path> all = new ArrayList<>(modules);
    for (Path module : modules) {
      modules(module).forEach(all::add);
    }
    return all.stream();
  }

  /** What the compiler says of the planted file. */
  private String compile() throws Exception {
    Path source = Files.writeString(folder.resolve("Planted.java"), PLANTED);
    String path = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(optionsOfTheBuild());
    command.addAll(List.of("-d", folder.toString(), "-cp", path, "-processorpath", path));
    command.add(source.toString());
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> optionsOfTheBuild() throws Exception {
    NodeList options =
        (NodeList)
            XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                    "//plugin[artifactId='maven-compiler-plugin']/configuration/compilerArgs/arg",
                    DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(Path.of("..", "pom.xml").toFile()),
                    XPathConstants.NODESET);
    return IntStream.range(0, options.getLength())
        .mapToObj(i -> options.item(i).getTextContent())
        .toList();
  }
}
