package dev.rallypoint.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;

/**
 * The rules that are read from class files.
 *
 * @param base the package that the parts are in
 */
record ArchitectureRules(String base) {
  private static final Set<String> EMPTY_NAMES =
      Set.of(
          "Impl", "Manager", "Util", "Utils", "Helper", "Helpers", "Common", "Base", "Data",
          "Info");

  private static final Set<String> OLD_DATES =
      Set.of(Date.class.getName(), Calendar.class.getName());

  private static final DescribedPredicate<JavaClass> OUR_OWN =
      DescribedPredicate.describe(
          "our own",
          type -> !type.getPackageName().endsWith(".proto") && !type.getSimpleName().contains("-"));

  private static final DescribedPredicate<JavaAccess<?>> READS_A_CLOCK =
      DescribedPredicate.describe("read a clock", access -> isClock(access.getTarget()));

  ArchRule layersAreRespected() {
    return classes().that(OUR_OWN).should(new Layers(base).areRespected());
  }

  /** No package depends on itself by way of others, inside a part too. */
  ArchRule packagesHaveNoCycles() {
    return slices().matching(base + ".(**)").should().beFreeOfCycles();
  }

  ArchRule oldDatesAreNotUsed() {
    return classes().that(OUR_OWN).should(useNoOldDates()).because("java.time says what is meant");
  }

  ArchRule timeIsAnArgumentOfPureParts() {
    return noClasses()
        .that()
        .resideInAnyPackage(base + ".policy..", base + ".protocol..")
        .and(OUR_OWN)
        .should()
        .accessTargetWhere(READS_A_CLOCK)
        .because("policy and protocol are tested by tables");
  }

  ArchRule homesAreNotDated() {
    return noClasses()
        .that()
        .resideInAPackage(base + ".registration..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(base + ".time.WallClock")
        .because("the clocks of two nodes differ; the entity numbers its homes");
  }

  ArchRule purePartsKnowNoActorsAndSockets() {
    return noClasses()
        .that()
        .resideInAnyPackage(base + ".policy..", base + ".protocol..", base + ".config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..", "java.nio.channels..", "org.slf4j..");
  }

  ArchRule namesSaySomething() {
    return classes().that(OUR_OWN).should(haveNamesThatSaySomething());
  }

  ArchRule staticsHoldNoState() {
    return fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(OUR_OWN)
        .should()
        .haveModifier(JavaModifier.FINAL);
  }

  /** Whether an access reads a clock of the machine. */
  static boolean isClock(AccessTarget target) {
    JavaClass owner = target.getOwner();
    String name = target.getName();
    return owner.isEquivalentTo(System.class)
            && Set.of("currentTimeMillis", "nanoTime").contains(name)
        || owner.getPackageName().equals("java.time") && name.equals("now")
        || owner.isEquivalentTo(Clock.class) && name.startsWith("system");
  }

  /** A certificate has its end as a {@code Date}: to make an instant of it at once is allowed. */
  private static ArchCondition<JavaClass> useNoOldDates() {
    return new ArchCondition<>("use no old dates") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> OLD_DATES.contains(dependency.getTargetClass().getName()))
            .map(Dependency::getDescription)
            .filter(line -> !line.contains("calls method <java.util.Date.toInstant()>"))
            .forEach(line -> events.add(SimpleConditionEvent.violated(type, line)));
      }
    };
  }

  private static ArchCondition<JavaClass> haveNamesThatSaySomething() {
    return new ArchCondition<>("have names that say something") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String[] words = type.getSimpleName().split("(?<=[a-z0-9])(?=[A-Z])");
        Arrays.stream(words)
            .filter(EMPTY_NAMES::contains)
            .map(word -> type.getName() + ": " + word + " says nothing")
            .forEach(line -> events.add(SimpleConditionEvent.violated(type, line)));
      }
    };
  }
}
