package dev.rallypoint.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes by their paths. A segment of a path is text or a name in braces, which stands for any
 * one segment: {@code /api/ab/tags/{guid}}. Where both fit, the text is taken. Not changed once it
 * is used.
 */
final class RouteTable {
  private final Node root = new Node();
  private final List<String> lines = new ArrayList<>();

  /**
   * A route.
   *
   * @param longestBody in bytes
   */
  record Route(ApiRouter.Call call, int longestBody) {}

  /**
   * What fits a path.
   *
   * @param methods the routes by method
   * @param values the segments that names in braces stand for
   */
  record Found(Map<String, Route> methods, Map<String, String> values) {}

  private static final class Node {
    private final Map<String, Node> texts = new HashMap<>();
    private @Nullable Node any;
    private @Nullable String name;
    private final Map<String, Route> methods = new TreeMap<>();
  }

  /** Adds a route; the same path and method once only. */
  void add(String method, String path, Route route) {
    Node node = root;
    for (String segment : segments(path)) {
      node = next(node, segment);
    }
    if (node.methods.putIfAbsent(method, route) != null) {
      throw new IllegalArgumentException(method + " " + path + " is there twice");
    }
    lines.add(method + " " + path);
  }

  private static Node next(Node node, String segment) {
    if (!segment.startsWith("{")) {
      return node.texts.computeIfAbsent(segment, text -> new Node());
    }
    String name = segment.substring(1, segment.length() - 1);
    if (node.any == null) {
      node.any = new Node();
      node.name = name;
    } else if (!name.equals(node.name)) {
      throw new IllegalArgumentException(name + " has another name: " + node.name);
    }
    return node.any;
  }

  /** The routes of a path, or empty where none fits. */
  Optional<Found> find(String path) {
    Map<String, String> values = new HashMap<>();
    Node found = find(root, segments(path), 0, values);
    return Optional.ofNullable(found).map(node -> new Found(node.methods, values));
  }

  private static @Nullable Node find(
      Node node, String[] segments, int at, Map<String, String> values) {
    if (at == segments.length) {
      return node.methods.isEmpty() ? null : node;
    }
    Node text = node.texts.get(segments[at]);
    Node found = text == null ? null : find(text, segments, at + 1, values);
    if (found == null && node.any != null && node.name != null && !segments[at].isEmpty()) {
      found = find(node.any, segments, at + 1, values);
      if (found != null) {
        values.put(node.name, segments[at]);
      }
    }
    return found;
  }

  private static String[] segments(String path) {
    return path.substring(path.startsWith("/") ? 1 : 0).split("/", -1);
  }

  /** The routes, as lines of method and path. */
  List<String> lines() {
    return lines.stream().sorted().toList();
  }
}
