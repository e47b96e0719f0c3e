package dev.rallypoint.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layers of the code, the lowest first. A part is the first package under the base, with all
 * packages in it. A class depends on classes of its own part and of parts in lower layers only;
 * parts of one layer do not depend on each other.
 *
 * @param base the package that the parts are in
 */
record Layers(String base) {
  private static final Map<String, Integer> LAYER_OF_PART =
      Map.ofEntries(
          Map.entry("protocol", 0),
          Map.entry("config", 0),
          Map.entry("time", 0),
          Map.entry("policy", 1),
          Map.entry("cluster", 1),
          Map.entry("metrics", 1),
          Map.entry("transport", 2),
          Map.entry("store", 2),
          Map.entry("registration", 3),
          Map.entry("account", 3),
          Map.entry("access", 3),
          Map.entry("device", 3),
          Map.entry("audit", 3),
          Map.entry("strategy", 3),
          Map.entry("book", 4),
          Map.entry("rendezvous", 5),
          Map.entry("relay", 5),
          Map.entry("api", 5),
          Map.entry("bootstrap", 5),
          Map.entry("app", 6),
          // Not part of a node: it simulates clients, and so depends on the protocol only.
          Map.entry("loadtest", 1));

  /** The part that a class is in, or empty for a class outside the base. */
  Optional<String> part(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(base + ".")
        ? Optional.of(name.substring(base.length() + 1).split("\\.", 2)[0])
        : Optional.empty();
  }

  /** Every class is in a part that has a layer, and depends on lower layers only. */
  ArchCondition<JavaClass> areRespected() {
    return new ArchCondition<>("respect the layers") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        violations(type).forEach(line -> events.add(SimpleConditionEvent.violated(type, line)));
      }
    };
  }

  private List<String> violations(JavaClass type) {
    Optional<String> from = part(type);
    if (from.isEmpty() || !LAYER_OF_PART.containsKey(from.get())) {
      return List.of(type.getName() + " is in a package without a layer");
    }
    return type.getDirectDependenciesFromSelf().stream()
        .filter(dependency ->
            part(dependency.getTargetClass()).stream().anyMatch(to -> !isDownward(from.get(), to)))
        .map(Dependency::getDescription)
        .distinct()
        .toList();
  }

  private static boolean isDownward(String from, String to) {
    int layer = LAYER_OF_PART.getOrDefault(to, Integer.MAX_VALUE);
    return from.equals(to) || layer < LAYER_OF_PART.get(from) && !to.equals("loadtest");
  }
}
