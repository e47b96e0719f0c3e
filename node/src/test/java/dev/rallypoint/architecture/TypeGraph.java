package dev.rallypoint.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The top-level types of each package and which of the same package they depend on. What a nested
 * type depends on counts for its top-level type.
 */
final class TypeGraph {
  private static final String BASE = "dev.rallypoint.";

  /** By the name of a type: the types of its package that it depends on. */
  private final Map<String, Set<String>> targets = new TreeMap<>();

  private final Map<String, String> packages = new HashMap<>();

  TypeGraph(JavaClasses classes) {
    for (JavaClass type : classes) {
      JavaClass from = topLevel(type);
      if (!from.getSimpleName().equals("package-info")) {
        packages.put(from.getName(), from.getPackageName());
        Set<String> own = targets.computeIfAbsent(from.getName(), _ -> new TreeSet<>());
        type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> topLevel(dependency.getTargetClass().getBaseComponentType()))
            .filter(to -> to.getPackageName().equals(from.getPackageName()) && !to.equals(from))
            .forEach(to -> own.add(to.getName()));
      }
    }
  }

  /** The number of types of each package that has more than {@code limit}. */
  Map<String, Long> packagesOver(int limit) {
    Map<String, Long> sizes =
        packages.values().stream().collect(Collectors.groupingBy(p -> p, Collectors.counting()));
    return sizes.entrySet().stream()
        .filter(entry -> entry.getValue() > limit)
        .collect(Collectors.toMap(entry -> shortName(entry.getKey()), Map.Entry::getValue));
  }

  /**
   * The groups of more than {@code limit} types that depend on each other in a cycle, the strongly
   * connected components of the graph.
   */
  List<Set<String>> cyclesOver(int limit) {
    Map<String, Set<String>> reached = new HashMap<>();
    targets.keySet().forEach(type -> reached.put(type, reachedFrom(type)));
    Set<Set<String>> cycles = new HashSet<>();
    for (String type : targets.keySet()) {
      Set<String> cycle =
          reached.get(type).stream()
              .filter(other -> reached.get(other).contains(type))
              .collect(Collectors.toCollection(TreeSet::new));
      if (cycle.size() > limit) {
        cycles.add(cycle);
      }
    }
    return new ArrayList<>(cycles);
  }

  /** How many types of each package are in cycles of more than {@code limit}. */
  Map<String, Long> typesInCyclesOver(int limit) {
    return cyclesOver(limit).stream()
        .collect(
            Collectors.toMap(
                cycle -> shortName(packages.get(cycle.iterator().next())),
                cycle -> (long) cycle.size(),
                Long::sum));
  }

  /** A name without the package that all code is in. */
  static String shortName(String name) {
    return name.substring(BASE.length());
  }

  private Set<String> reachedFrom(String start) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(targets.get(start));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (seen.add(next)) {
        open.addAll(targets.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(TypeGraph::topLevel).orElse(type);
  }
}
