package dev.rallypoint.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house keeps its rules. */
class HouseTest {
  private static final String BASE = "dev.rallypoint";
  private static final HouseRules RULES = new HouseRules(BASE);
  private static final SourceTree SOURCES =
      new SourceTree(Path.of("..").toAbsolutePath().normalize());
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);
  }

  @Test
  void isReadWhole() {
    Floors floors = new Floors(BASE);
    assertThat(classes.stream().flatMap(type -> floors.room(type).stream()).distinct())
        .contains("protocol", "config", "policy", "cluster", "metrics", "transport", "store", "app")
        .doesNotContain("house");
    assertThat(SOURCES.sources()).hasSizeGreaterThan(50);
  }

  @Test
  void keepsItsFloors() {
    RULES.floorsAreKept().check(classes);
  }

  @Test
  void hasNoCircles() {
    RULES.packagesHaveNoCircles().check(classes);
  }

  @Test
  void usesNoOldDates() {
    RULES.oldDatesAreNotUsed().check(classes);
  }

  @Test
  void readsNoClockInPureRooms() {
    RULES.timeIsAnArgumentOfPureRooms().check(classes);
  }

  @Test
  void keepsActorsAndSocketsOutOfPureRooms() {
    RULES.pureRoomsKnowNoActorsAndSockets().check(classes);
  }

  @Test
  void hasNamesThatSaySomething() {
    RULES.namesSaySomething().check(classes);
  }

  @Test
  void holdsNoStateInStatics() {
    RULES.staticsHoldNoState().check(classes);
  }

  @Test
  void hasNoLongFile() {
    assertThat(SOURCES.tooLong()).isEmpty();
  }

  @Test
  void explainsEachPackage() {
    assertThat(SOURCES.withoutPackageInfo()).isEmpty();
  }
}
