package dev.rallypoint.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What is counted in each class and may only become fewer.
 *
 * @param classes the classes to look at
 */
record ClassCounts(JavaClasses classes) {
  /** The number of components of each record that has more than {@code limit}. */
  Map<String, Long> recordsOver(int limit) {
    Map<String, Long> components = counts(ClassCounts::components);
    components.values().removeIf(count -> count <= limit);
    return components;
  }

  /** How often each class reads a clock itself instead of taking one as an argument. */
  Map<String, Long> clockReads() {
    return counts(type ->
        type.getAccessesFromSelf().stream()
            .filter(access -> ArchitectureRules.isClock(access.getTarget()))
            .count());
  }

  /** How many fields and parameters of each class are an {@code ActorRef<Object>}. */
  Map<String, Long> untypedActorRefs() {
    return counts(type ->
        Stream.concat(
                type.getFields().stream().map(JavaField::getType),
                type.getCodeUnits().stream().flatMap(ClassCounts::parameters))
            .filter(ClassCounts::isUntypedActorRef)
            .count());
  }

  private Map<String, Long> counts(ToLongFunction<JavaClass> count) {
    Map<String, Long> counts = new TreeMap<>();
    for (JavaClass type : classes) {
      if (count.applyAsLong(type) > 0) {
        counts.put(TypeGraph.shortName(type.getName()), count.applyAsLong(type));
      }
    }
    return counts;
  }

  private static long components(JavaClass type) {
    return type.isRecord()
        ? type.getFields().stream()
            .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
            .count()
        : 0;
  }

  private static Stream<JavaType> parameters(JavaCodeUnit unit) {
    // A record's constructor and a lambda repeat what the fields and methods say.
    return unit.getModifiers().contains(JavaModifier.SYNTHETIC) || unit.isConstructor()
        ? Stream.empty()
        : unit.getParameterTypes().stream();
  }

  private static boolean isUntypedActorRef(JavaType type) {
    if (!(type instanceof JavaParameterizedType parameterized)) {
      return false;
    }
    boolean isActorRef = type.toErasure().isEquivalentTo(ActorRef.class);
    return parameterized.getActualTypeArguments().stream()
        .anyMatch(argument ->
            isActorRef
                    && argument.toErasure().isEquivalentTo(Object.class)
                    && !(argument instanceof JavaTypeVariable<?>)
                || isUntypedActorRef(argument));
  }
}
