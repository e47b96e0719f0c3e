package dev.rallypoint.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The floors of the house, the lowest first. An arrow goes down only; rooms on one floor do not
 * import each other. A room is the first package under the base.
 *
 * @param base the package the rooms are in
 */
record Floors(String base) {
  private static final Map<String, Integer> FLOOR_OF_ROOM =
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
          Map.entry("rendezvous", 4),
          Map.entry("relay", 4),
          Map.entry("api", 4),
          Map.entry("bootstrap", 4),
          Map.entry("app", 5),
          // Not part of a node: it plays the client, and so knows the protocol only.
          Map.entry("loadtest", 1));

  /** The room of a class, or empty for a class that is not in the house. */
  Optional<String> room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(base + ".")
        ? Optional.of(name.substring(base.length() + 1).split("\\.", 2)[0])
        : Optional.empty();
  }

  /** Every class is in a room that has a floor, and its arrows go down. */
  ArchCondition<JavaClass> areKept() {
    return new ArchCondition<>("keep to the floors") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        faults(type).forEach(fault -> events.add(SimpleConditionEvent.violated(type, fault)));
      }
    };
  }

  private List<String> faults(JavaClass type) {
    Optional<String> from = room(type);
    if (from.isEmpty() || !FLOOR_OF_ROOM.containsKey(from.get())) {
      return List.of(type.getName() + " is in no room of the house");
    }
    return type.getDirectDependenciesFromSelf().stream()
        .filter(
            arrow -> room(arrow.getTargetClass()).stream().anyMatch(to -> !isDown(from.get(), to)))
        .map(Dependency::getDescription)
        .distinct()
        .toList();
  }

  private static boolean isDown(String from, String to) {
    int floor = FLOOR_OF_ROOM.getOrDefault(to, Integer.MAX_VALUE);
    return from.equals(to) || floor < FLOOR_OF_ROOM.get(from) && !to.equals("loadtest");
  }
}
