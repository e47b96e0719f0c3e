package dev.rallypoint.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The last step of the build: names the tests that were skipped and why, such as a tool that is not
 * installed. It reads the reports of all modules and of the modules in them.
 */
public final class SkippedTests {
  private SkippedTests() {}

  /** Prints the skipped tests of the project in the folder that is the only argument. */
  public static void main(String[] args) throws Exception {
    List<String> skipped = in(Path.of(args[0]));
    if (skipped.isEmpty()) {
      System.out.println("No test was skipped.");
    } else {
      System.out.println("Skipped tests:");
      skipped.forEach(line -> System.out.println("  " + line));
    }
  }

  /** One line for each skipped test of a project. */
  static List<String> in(Path project) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    List<String> lines = new ArrayList<>();
    for (Path report : reports(project)) {
      NodeList skipped = parser.parse(report.toFile()).getElementsByTagName("skipped");
      for (int i = 0; i < skipped.getLength(); i++) {
        lines.add(line((Element) skipped.item(i)));
      }
    }
    return lines;
  }

  private static List<Path> reports(Path project) throws IOException {
    try (Stream<Path> files = Files.walk(project, 5)) {
      return files
          .filter(file -> file.toString().matches(".*/target/(surefire|failsafe)-reports/TEST-.*"))
          .sorted()
          .toList();
    }
  }

  private static String line(Element skipped) {
    Element test = (Element) skipped.getParentNode();
    String text = skipped.getAttribute("message") + skipped.getTextContent();
    String reason = text.lines().findFirst().orElse("").replaceFirst("^.*Assumption failed: ", "");
    String type = test.getAttribute("classname").replaceFirst("^.*\\.", "");
    String name = test.getAttribute("name");
    return type + (name.isEmpty() ? "" : "." + name) + ": " + reason;
  }
}
