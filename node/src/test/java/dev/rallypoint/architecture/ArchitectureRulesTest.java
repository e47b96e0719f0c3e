package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule finds what is planted against it. */
class ArchitectureRulesTest {
  private static final String PLANTED = "dev.rallypoint.architecture.planted.";

  @TempDir Path root;

  /** What a rule reports for the classes planted under a name. */
  private static String violations(String name, Function<ArchitectureRules, ArchRule> rule) {
    JavaClasses classes = planted(name);
    assertThat(classes).isNotEmpty();
    EvaluationResult result = rule.apply(new ArchitectureRules(PLANTED + name)).evaluate(classes);
    return String.join("\n", result.getFailureReport().getDetails());
  }

  @Test
  void findsADependencyUpward() {
    assertThat(violations("upward", ArchitectureRules::layersAreRespected))
        .contains("upward.policy.Verdict", "upward.store.Row");
  }

  @Test
  void findsADependencyOnAPartOfTheSameLayer() {
    assertThat(violations("sideways", ArchitectureRules::layersAreRespected))
        .contains("sideways.rendezvous.Listener", "sideways.relay.Leg");
  }

  @Test
  void findsAPartWithoutALayer() {
    assertThat(violations("unlisted", ArchitectureRules::layersAreRespected))
        .contains("unlisted.storage.Container is in a package without a layer");
  }

  @Test
  void allowsADependencyDownward() {
    assertThat(violations("actors", ArchitectureRules::layersAreRespected)).isEmpty();
  }

  @Test
  void findsACycleOfPackagesInsideAPart() {
    assertThat(violations("cycle", ArchitectureRules::packagesHaveNoCycles))
        .contains("relay.splice");
    assertThat(violations("cycle", ArchitectureRules::layersAreRespected)).isEmpty();
  }

  @Test
  void findsEachWayToReadAClock() {
    assertThat(violations("clock", ArchitectureRules::timeIsAnArgumentOfPureParts))
        .contains("NanoReader", "MilliReader", "InstantReader");
  }

  @Test
  void findsAHomeThatIsDatedByANodesClock() {
    assertThat(violations("wallclock", ArchitectureRules::homesAreNotDated))
        .contains("DatedHome")
        .doesNotContain("NumberedHome");
  }

  @Test
  void findsAnOldDate() {
    assertThat(violations("dates", ArchitectureRules::oldDatesAreNotUsed))
        .contains("Birthday")
        .doesNotContain("Expiry");
  }

  @Test
  void findsAnActorInAPurePart() {
    assertThat(violations("actors", ArchitectureRules::purePartsKnowNoActorsAndSockets))
        .contains("Shouting");
  }

  @Test
  void findsStateInAStatic() {
    assertThat(violations("statics", ArchitectureRules::staticsHoldNoState))
        .contains("Tally.count");
  }

  @Test
  void findsEachNameThatSaysNothingAndNoOther() {
    assertThat(violations("names", ArchitectureRules::namesSaySomething))
        .contains(
            "SocketUtil",
            "PeerManager",
            "StoreImpl",
            "CommonRules",
            "KeyHelper",
            "BaseActor",
            "PeerData",
            "RelayInfo")
        .doesNotContain("Database");
  }

  private static JavaClasses planted(String name) {
    return new ClassFileImporter().importPackages(PLANTED + name);
  }

  @Test
  void findsALargePackage() {
    TypeGraph graph = new TypeGraph(planted("tangle"));
    assertThat(graph.packagesOver(6)).containsExactly(Map.entry("architecture.planted.tangle", 7L));
    assertThat(graph.packagesOver(7)).isEmpty();
  }

  @Test
  void findsALargeCycleOfTypesAndLeavesOutWhatIsOnlyUsedByIt() {
    TypeGraph graph = new TypeGraph(planted("tangle"));
    assertThat(graph.typesInCyclesOver(5))
        .containsExactly(Map.entry("architecture.planted.tangle", 6L));
    assertThat(graph.cyclesOver(5).getFirst()).doesNotContain(PLANTED + "tangle.Leaf");
    assertThat(graph.typesInCyclesOver(6)).isEmpty();
  }

  @Test
  void countsReadsOfAClock() {
    assertThat(new ClassCounts(planted("clock")).clockReads())
        .hasSize(3)
        .allSatisfy((_, reads) -> assertThat(reads).isEqualTo(1));
  }

  @Test
  void countsComponentsOfRecords() {
    ClassCounts counts = new ClassCounts(planted("counts"));
    assertThat(counts.recordsOver(8)).hasSize(1).containsValue(9L);
    assertThat(counts.recordsOver(9)).isEmpty();
  }

  @Test
  void countsUntypedActorRefs() {
    assertThat(new ClassCounts(planted("counts")).untypedActorRefs())
        .hasSize(1)
        .allSatisfy((_, count) -> assertThat(count).isEqualTo(3));
  }

  @Test
  void findsAWideLineThatIsNoTableCodeOrLink() throws IOException {
    String wide = "word ".repeat(25);
    Files.createDirectories(root.resolve("docs"));
    Files.writeString(root.resolve("README.md"), "| " + wide + "\n```\n" + wide + "\n```\n" + wide);
    Files.writeString(
        root.resolve("docs/a.md"), "[a](https://a.example/" + "b".repeat(120) + ")\nshort\n");
    assertThat(new SourceTree(root).wideLines()).containsExactly("README.md:5 has 125 columns");
  }

  private void plant(String path, int lines) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "/** x. */\n@NullMarked\n" + "//\n".repeat(lines - 2));
  }

  @Test
  void findsAFileOf301Lines() throws IOException {
    plant("node/src/main/java/a/Long.java", 301);
    plant("protocol/src/test/java/a/LongTest.java", 302);
    plant("loadtest/peer/src/main/java/a/Nested.java", 303);
    plant("node/src/main/java/a/Short.java", 300);
    assertThat(new SourceTree(root).tooLong())
        .containsExactly(
            "loadtest/peer/src/main/java/a/Nested.java has 303 lines",
            "node/src/main/java/a/Long.java has 301 lines",
            "protocol/src/test/java/a/LongTest.java has 302 lines");
  }

  @Test
  void findsAPackageWithoutAComment() throws IOException {
    plant("node/src/main/java/a/One.java", 3);
    plant("node/src/main/java/b/Two.java", 3);
    plant("node/src/main/java/b/package-info.java", 3);
    assertThat(new SourceTree(root).withoutPackageInfo()).containsExactly("node/src/main/java/a");
  }

  @Test
  void findsAPackageWithAnEmptyComment() throws IOException {
    plant("node/src/main/java/b/Two.java", 3);
    Files.writeString(root.resolve("node/src/main/java/b/package-info.java"), "package b;\n");
    assertThat(new SourceTree(root).withoutPackageInfo()).containsExactly("node/src/main/java/b");
  }
}
