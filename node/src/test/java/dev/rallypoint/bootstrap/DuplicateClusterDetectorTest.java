package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateClusterDetectorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration STALE = Duration.ofSeconds(15);

  private final DuplicateClusterDetector second = new DuplicateClusterDetector(PATIENCE, STALE);

  /** A node's row: its address is its name, and it became a member at that hour. */
  private static MemberRow row(String nameAndHour, int second) {
    Instant started = Instant.EPOCH.plus(Duration.ofHours(nameAndHour.charAt(1)));
    return new MemberRow(
        nameAndHour,
        UUID.nameUUIDFromBytes(nameAndHour.getBytes(StandardCharsets.UTF_8)),
        started,
        Instant.EPOCH.plus(Duration.ofDays(1)).plusSeconds(second),
        Duration.ZERO);
  }

  private Optional<MemberRow> look(String ours, String theirs, int at, int theirBeat) {
    List<MemberRow> rows =
        Stream.concat(
                Stream.of(ours.split(" ")).map(name -> row(name, at)),
                Stream.of(theirs.split(" ")).map(name -> row(name, theirBeat)))
            .toList();
    return second.rival(
        rows, Set.of(ours.split(" ")), Duration.ofSeconds(at).toNanos() + Long.MAX_VALUE - 9);
  }

  /** What a node of one cluster decides that sees both for a minute. */
  private boolean isEnded(String ours, String theirs) {
    return Stream.iterate(0, at -> at <= 60, at -> at + 2)
        .map(at -> look(ours, theirs, at, at))
        .collect(Collectors.toList())
        .getLast()
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "a2, b1, true",
    "a1, b2, false",
    "a1, b1, false",
    "b1, a1, true",
    "a1, b2 c2, true",
    "b2 c2, a1, false",
    "a2 b4, c3 d3, false",
    "c3 d3, a2 b4, true"
  })
  void isTheOneThatStaysWhenItIsLargerOrElseOlder(String ours, String theirs, boolean isEnded) {
    assertThat(isEnded(ours, theirs)).isEqualTo(isEnded);
  }

  @Test
  void isNotANodeThatWasGivenUpAndEndsALittleLater() {
    for (int at = 0; at <= 44; at += 2) {
      assertThat(look("a2", "b1", at, at)).isEmpty();
    }
  }

  @Test
  void isNotARowThatNobodyKeepsFreshHoweverTheDatabasesClockIsSet() {
    for (int at = 0; at <= 120; at += 2) {
      assertThat(look("a2", "b1", at, 0)).isEmpty();
    }
  }
}
