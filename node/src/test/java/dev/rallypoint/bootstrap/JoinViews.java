package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.JoinPolicy.View;
import dev.rallypoint.cluster.MessageFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Builds what a bootstrap node sees from short texts. */
final class JoinViews {
  /** Alive at most 5 s unanswered, silent at most 3 s. */
  static final JoinTimeouts TIMEOUTS =
      new JoinTimeouts(
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  private JoinViews() {}

  /**
   * A view.
   *
   * @param rows names of nodes, {@code b:2} for one that has been alive for 2 s, {@code b} for one
   *     without a recent heartbeat; separated by spaces
   * @param answers names of nodes that answer, {@code b+} for a member, {@code b*} for a member of
   *     another cluster, {@code b!} for one with another database, {@code b?} for one whose
   *     database does not answer
   */
  static View of(String rows, String answers, int waitedSeconds) {
    Map<UUID, Duration> aliveFor = new LinkedHashMap<>();
    for (String row : words(rows)) {
      if (row.contains(":")) {
        aliveFor.put(
            incarnation(row.replaceFirst(":.*", "")),
            Duration.ofSeconds(Integer.parseInt(row.replaceFirst(".*:", ""))));
      }
    }
    return new View(
        words(rows).stream().map(row -> row(row.replaceFirst(":.*", ""))).toList(),
        words(answers).stream().map(JoinViews::answer).toList(),
        Duration.ofSeconds(waitedSeconds),
        aliveFor);
  }

  static MemberRow row(String name) {
    return new MemberRow(
        name, incarnation(name), Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(1));
  }

  private static NodeIdentity answer(String text) {
    boolean isOfAnotherCluster = text.endsWith("*");
    DatabaseMatch match =
        text.endsWith("!")
            ? DatabaseMatch.OTHER
            : text.endsWith("?") ? DatabaseMatch.UNKNOWN : DatabaseMatch.COMMON;
    boolean isMember = text.matches(".*[+*!?]");
    return new NodeIdentity(
        text.replaceFirst("[+*!?]$", ""),
        isMember,
        isOfAnotherCluster ? "another" : "rallypoint",
        "key",
        "access",
        "database",
        match,
        MessageFormat.CURRENT);
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : Arrays.asList(text.split(" "));
  }

  private static UUID incarnation(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** A decision as text, such as {@code join b c} or {@code wait b 3}. */
  static String text(JoinPolicy.Decision decision) {
    return switch (decision) {
      case JoinPolicy.JoinMembers(List<NodeIdentity> members) ->
          String.join(
              " ",
              Stream.concat(Stream.of("join"), members.stream().map(NodeIdentity::address))
                  .toList());
      case JoinPolicy.Begin now -> "begin";
      case JoinPolicy.LookAgain(List<String> nodes, Duration limit) ->
          "wait " + String.join(" ", nodes) + " " + limit.toSeconds();
      case JoinPolicy.FailDatabaseSilent(String node) -> "database of " + node + " silent";
      case JoinPolicy.FailUnreachable(String node) -> "unreachable " + node;
      case JoinPolicy.FailNoStarter fail -> "nobody begins, " + fail.waiting() + " waits";
    };
  }
}
