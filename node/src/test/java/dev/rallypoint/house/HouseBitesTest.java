package dev.rallypoint.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule finds what is planted against it. */
class HouseBitesTest {
  private static final String PLANTED = "dev.rallypoint.house.planted.";

  @TempDir Path root;

  /** What a rule says of the little house planted under a name. */
  private static String faults(String name, Function<HouseRules, ArchRule> rule) {
    JavaClasses classes = new ClassFileImporter().importPackages(PLANTED + name);
    assertThat(classes).isNotEmpty();
    EvaluationResult result = rule.apply(new HouseRules(PLANTED + name)).evaluate(classes);
    return String.join("\n", result.getFailureReport().getDetails());
  }

  @Test
  void findsAnArrowUpward() {
    assertThat(faults("upward", HouseRules::floorsAreKept))
        .contains("upward.policy.Verdict", "upward.store.Row");
  }

  @Test
  void findsAnArrowToARoomOnTheSameFloor() {
    assertThat(faults("sideways", HouseRules::floorsAreKept))
        .contains("sideways.rendezvous.Door", "sideways.relay.Leg");
  }

  @Test
  void findsARoomWithoutAFloor() {
    assertThat(faults("homeless", HouseRules::floorsAreKept))
        .contains("homeless.cellar.Barrel is in no room");
  }

  @Test
  void allowsAnArrowDown() {
    assertThat(faults("actors", HouseRules::floorsAreKept)).isEmpty();
  }

  @Test
  void findsACircleOfPackagesWithinARoom() {
    assertThat(faults("circle", HouseRules::packagesHaveNoCircles)).contains("relay.splice");
    assertThat(faults("circle", HouseRules::floorsAreKept)).isEmpty();
  }

  @Test
  void findsEachWayToReadAClock() {
    assertThat(faults("clock", HouseRules::timeIsAnArgumentOfPureRooms))
        .contains("NanoReader", "MilliReader", "InstantReader");
  }

  @Test
  void findsAnOldDate() {
    assertThat(faults("dates", HouseRules::oldDatesAreNotUsed)).contains("Birthday");
  }

  @Test
  void findsAnActorInAPureRoom() {
    assertThat(faults("actors", HouseRules::pureRoomsKnowNoActorsAndSockets)).contains("Shouting");
  }

  @Test
  void findsStateInAStatic() {
    assertThat(faults("statics", HouseRules::staticsHoldNoState)).contains("Tally.count");
  }

  @Test
  void findsEachNameThatSaysNothingAndNoOther() {
    assertThat(faults("names", HouseRules::namesSaySomething))
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

  private void plant(String path, int lines) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "/** x. */\n@NullMarked\n" + "//\n".repeat(lines - 2));
  }

  @Test
  void findsAFileOf301Lines() throws IOException {
    plant("node/src/main/java/a/Long.java", 301);
    plant("protocol/src/test/java/a/LongTest.java", 302);
    plant("node/src/main/java/a/Short.java", 300);
    assertThat(new SourceTree(root).tooLong())
        .containsExactly(
            "node/src/main/java/a/Long.java has 301 lines",
            "protocol/src/test/java/a/LongTest.java has 302 lines");
  }

  @Test
  void findsAPackageWithoutAWord() throws IOException {
    plant("node/src/main/java/a/One.java", 3);
    plant("node/src/main/java/b/Two.java", 3);
    plant("node/src/main/java/b/package-info.java", 3);
    assertThat(new SourceTree(root).withoutPackageInfo()).containsExactly("node/src/main/java/a");
  }

  @Test
  void findsAPackageWhoseInfoIsEmpty() throws IOException {
    plant("node/src/main/java/b/Two.java", 3);
    Files.writeString(root.resolve("node/src/main/java/b/package-info.java"), "package b;\n");
    assertThat(new SourceTree(root).withoutPackageInfo()).containsExactly("node/src/main/java/b");
  }
}
