package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/**
 * The compiler options of the build find a null where none is allowed: javac is run with the
 * options of the root {@code pom.xml} on source that breaks the rule.
 */
class NullCheckTest {
  private static final Path ROOT_POM = Path.of("..", "pom.xml");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "String text() { return null; }",
        "int length(@Nullable String text) { return text.length(); }",
        "int length(java.util.Map<String, String> texts) { return texts.get(\"a\").length(); }",
        "interface Box<T extends @Nullable Object> { T get(); }"
            + "String text(Box<@Nullable String> box) { return box.get(); }",
        "private String text; String text() { return text; }",
      })
  void findsANull(String member) throws Exception {
    assertThat(compile(member)).contains("[NullAway]");
  }

  @Test
  void letsCodeWithoutANullPass() throws Exception {
    assertThat(compile("@Nullable String text() { return null; }")).isEmpty();
  }

  @Test
  void hasItsOptionsInTheRootPomOnly() throws Exception {
    try (Stream<Path> folders = Files.list(Path.of(".."))) {
      assertThat(folders.map(module -> module.resolve("pom.xml")).filter(Files::exists))
          .isNotEmpty()
          .allSatisfy(pom -> assertThat(pom).content().doesNotContain("maven-compiler-plugin"));
    }
  }

  /** What the compiler says of a class with this member. */
  private String compile(String member) throws Exception {
    Path source = folder.resolve("Planted.java");
    Files.writeString(
        source,
        """
        package dev.rallypoint.config;
        import org.jspecify.annotations.Nullable;
        class Planted { @Nullable Object unused; %s }
        """
            .formatted(member));
    String path = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(optionsOfTheBuild());
    command.addAll(List.of("-d", folder.toString(), "-cp", path, "-processorpath", path));
    command.add(source.toString());
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(javac.getInputStream().readAllBytes());
  }

  private static List<String> optionsOfTheBuild() throws Exception {
    String options = "//plugin[artifactId='maven-compiler-plugin']/configuration/compilerArgs/arg";
    NodeList found =
        (NodeList)
            XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                    options,
                    DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(ROOT_POM.toFile()),
                    XPathConstants.NODESET);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }
}
