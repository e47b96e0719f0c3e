package dev.rallypoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.testing.EarlierVersion;
import dev.rallypoint.testing.LaterVersion;
import dev.rallypoint.testing.MessageSamples;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message between nodes, found among the classes, in samples of each kind of value. */
class ClusterMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "cluster-messages",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load("cluster")));

  private static final List<Class<?>> TYPES =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("dev.rallypoint")
              .stream()
              .filter(type -> type.isAssignableTo(ClusterMessage.class) && !type.isInterface())
              .<Class<?>>map(JavaClass::reflect)
              .toList();

  private static final MessageSamples SAMPLES = new MessageSamples(KIT);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static List<Class<?>> types() {
    return TYPES;
  }

  private static Stream<ClusterMessage> samples(Class<?> type) {
    return SAMPLES.of(type).stream().map(ClusterMessage.class::cast);
  }

  @Test
  void areFound() {
    assertThat(types())
        .hasSizeGreaterThan(30)
        .allSatisfy(type -> assertThat(type.isRecord()).as("%s is a record", type).isTrue());
  }

  private record Planted(long number, Thread thread) {}

  @Test
  void failByNameWithoutSampleValues() {
    assertThatThrownBy(() -> SAMPLES.of(Planted.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("thread")
        .hasMessageContaining("Planted");
  }

  @ParameterizedTest
  @MethodSource("types")
  void crossTheWireUnchanged(Class<?> type) {
    samples(type).forEach(message -> KIT.serializationTestKit().verifySerialization(message, true));
  }

  @ParameterizedTest
  @MethodSource("types")
  void areUnderstoodFromALaterVersionThatSaysMore(Class<?> type) {
    assertThat(samples(type))
        .allSatisfy(
            message -> assertThat(LaterVersion.sends(KIT.system(), message)).isEqualTo(message));
  }

  /** A number or a flag that an earlier version does not send is zero or false. */
  @ParameterizedTest
  @MethodSource("types")
  void areUnderstoodFromAnEarlierVersionThatSaysLess(Class<?> type) {
    ClusterMessage message = samples(type).findFirst().orElseThrow();
    assertThat(type.getRecordComponents())
        .filteredOn(component -> component.getType().isPrimitive())
        .allSatisfy(component ->
            assertThat(EarlierVersion.sends(KIT.system(), message, component.getName()))
                .isEqualTo(SAMPLES.withZero(message, component)));
  }

  @Test
  void holdNoRelayedBytes() {
    assertThat(types())
        .filteredOn(type -> type.getPackageName().startsWith("dev.rallypoint.relay"))
        .isNotEmpty()
        .allSatisfy(type -> assertThat(holdsOnlyNamesAndNumbers(type)).as(type.getName()).isTrue());
  }

  private static boolean holdsOnlyNamesAndNumbers(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || List.of(String.class, ActorRef.class, Ticket.class).contains(type)
        || type.isRecord()
            && Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .allMatch(ClusterMessagesTest::holdsOnlyNamesAndNumbers);
  }
}
