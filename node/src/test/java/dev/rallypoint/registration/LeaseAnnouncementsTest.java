package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order in which leases are announced, and that each is announced once. */
class LeaseAnnouncementsTest {
  private static final List<PeerId> ALL =
      IntStream.range(0, 5).mapToObj(i -> new PeerId("peer-" + i)).toList();

  private final LeaseAnnouncements announcements = new LeaseAnnouncements(ALL::iterator);

  @Test
  void areNoneAtFirst() {
    assertThat(announcements.isDone()).isTrue();
    assertThat(announcements.next(10)).isEmpty();
  }

  @Test
  void areMadeForEachPeerOnceInARound() {
    announcements.addAll();

    assertThat(announcements.next(3)).isEqualTo(ALL.subList(0, 3));
    assertThat(announcements.isDone()).isFalse();
    assertThat(announcements.next(3)).isEqualTo(ALL.subList(3, 5));
    assertThat(announcements.isDone()).isTrue();
  }

  @Test
  void areMadeForPeersThatWereNamedBeforeTheRoundGoesOn() {
    announcements.addAll();
    announcements.add(ALL.get(4));
    announcements.add(ALL.get(4));

    assertThat(announcements.next(2)).isEqualTo(List.of(ALL.get(4), ALL.get(0)));
  }

  @Test
  void beginAnewWhenAnotherNodeIsLost() {
    announcements.addAll();
    announcements.next(4);

    announcements.addAll();

    assertThat(announcements.next(10)).isEqualTo(ALL);
  }
}
