package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.transport.Push;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class LeaseTableTest {
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);

  /**
   * Bytes of one entry with its place in the array: 8 more than on a node, whose Java makes objects
   * with smaller headers, and 4 for what other threads of the test have taken meanwhile.
   */
  private static final int MOST_BYTES = 112;

  private final ActorRef<Push> writer = TestInbox.<Push>create().getRef();
  private final LeaseTable table = new LeaseTable();

  private LeaseEntry entry(PeerId id, long epoch) {
    Home home = new Home(PeerAddress.v4(0xCB007107, 50_000), writer, 1, false);
    return LeaseEntry.of(id, new Lease(home, epoch, KEY), 0, 0);
  }

  private static PeerId id(int number) {
    return switch (number % 3) {
      case 0 -> new PeerId("id-" + number);
      case 1 -> new PeerId("an-id-that-is-longer-" + number);
      default -> new PeerId("büro-" + number);
    };
  }

  @Test
  void hasAtAnyTimeWhatAMapWouldHave() {
    Random random = new Random(11);
    Map<PeerId, LeaseEntry> expected = new HashMap<>();
    for (int i = 0; i < 300_000; i++) {
      PeerId id = id(random.nextInt(20_000));
      LeaseEntry old = expected.get(id);
      assertThat(table.get(id)).isSameAs(old);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          LeaseEntry next = entry(id, i);
          expected.put(id, next);
          table.update(id, same -> next);
        }
        case 2 -> {
          expected.remove(id);
          table.update(id, same -> null);
        }
        default -> {
          if (old != null) {
            assertThat(table.remove(old)).isTrue();
            assertThat(table.remove(old)).isFalse();
            expected.remove(id);
          }
        }
      }
    }

    Set<PeerId> ids = new HashSet<>();
    table.ids().forEachRemaining(ids::add);
    assertThat(ids).isEqualTo(expected.keySet());
    assertThat(table.size()).isEqualTo(expected.size());
  }

  @Test
  void removesNoEntryThatTookThePlaceOfAnother() {
    LeaseEntry old = entry(id(0), 1);
    LeaseEntry next = entry(id(0), 2);
    table.update(id(0), same -> old);
    table.update(id(0), same -> next);

    assertThat(table.remove(old)).isFalse();
    assertThat(table.get(id(0))).isSameAs(next);
  }

  @Test
  void takesAHundredBytesForALease() {
    int count = 200_000;
    long before = usedHeap();

    for (int i = 0; i < count; i++) {
      PeerId id = new PeerId(String.valueOf(100_000_000 + i));
      LeaseEntry entry = entry(id, 1);
      table.update(id, same -> entry);
    }

    assertThat((usedHeap() - before) / count).isLessThanOrEqualTo(MOST_BYTES);
    assertThat(table.size()).isEqualTo(count);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
