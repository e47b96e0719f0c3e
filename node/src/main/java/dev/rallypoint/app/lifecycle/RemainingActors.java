package dev.rallypoint.app.lifecycle;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;

/** Names the actors that keep an actor system from terminating. */
final class RemainingActors {
  private static final int MOST = 12;

  /** A line of Pekko's tree of actors: the indentation, the name, the class. */
  private static final Pattern LINE = Pattern.compile("^[ |]*\\S*-> (\\S+) .*$");

  private RemainingActors() {}

  /** The names of the first twelve actors, from the top, in one line. */
  static String of(ActorSystem<?> system) {
    if (!(system.classicSystem() instanceof ExtendedActorSystem extended)) {
      return "unknown";
    }
    List<String> names =
        extended
            .printTree()
            .lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group(1))
            .toList();
    String first = String.join(", ", names.subList(0, Math.min(MOST, names.size())));
    return names.size() <= MOST ? first : first + " and " + (names.size() - MOST) + " more";
  }
}
