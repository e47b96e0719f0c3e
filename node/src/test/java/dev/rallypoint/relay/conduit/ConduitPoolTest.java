package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pipes and buffers that one loop lends out. */
class ConduitPoolTest {
  private static final BufferBudget BUDGET = new BufferBudget(4L * ConduitPool.LARGE);

  private final ConduitPool pool = new ConduitPool(BUDGET, 1, PipePool.none());

  private static ConduitPool tiny(int smallOnes) {
    return new ConduitPool(
        new BufferBudget((long) smallOnes * ConduitPool.SMALL), 1, PipePool.none());
  }

  private static int capacity(Conduit conduit) {
    return ((BufferConduit) conduit).capacity();
  }

  @Test
  void givesSmallOnesOnceTheBoundIsReached() {
    assertThat(capacity(pool.take())).isEqualTo(ConduitPool.LARGE);
    Conduit second = pool.take();
    assertThat(capacity(second)).isEqualTo(ConduitPool.LARGE);
    assertThat(capacity(pool.take())).isEqualTo(ConduitPool.SMALL);
    pool.give(second);
    assertThat(pool.take()).isSameAs(second);
  }

  @Test
  void keepsALargeOneNoLongerThanItsBytesNeedIt() throws Exception {
    Conduit filled = pool.take();
    fill(filled, 5);
    Conduit shrunk = pool.shrink(filled);
    assertThat(capacity(shrunk)).isEqualTo(ConduitPool.SMALL);
    assertThat(((BufferConduit) shrunk).remaining()).isEqualTo(5);
    assertThat(pool.take()).isSameAs(filled);
    assertThat(filled.isEmpty()).isTrue();
  }

  @Test
  void leavesALargeOneThatIsFullAlone() throws Exception {
    Conduit filled = pool.take();
    fill(filled, ConduitPool.SMALL + 1);
    assertThat(pool.shrink(filled)).isSameAs(filled);
  }

  /** Takes a conduit where there is no native memory for a large one. */
  static final class Shortage {
    private Shortage() {}

    public static void main(String[] args) {
      ConduitPool pool = new ConduitPool(BUDGET, 1, PipePool.none());
      System.out.print(capacity(pool.take()) + " " + capacity(pool.take()) + " " + pool.lent());
    }
  }

  @Test
  void givesSmallOnesWhereThereIsNoMemoryForLargeOnes() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxDirectMemorySize=512k",
                "-cp",
                System.getProperty("java.class.path"),
                Shortage.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes())).endsWith("8192 8192 2");
  }

  @Test
  void givesNoneOnceTheBudgetIsLentOut() {
    ConduitPool narrow = tiny(2);
    Conduit first = narrow.take();
    assertThat(narrow.take()).isNotNull();
    assertThat(narrow.take()).isNull();
    assertThat(narrow.takeBuffer()).isNull();
    narrow.give(first);
    assertThat(narrow.take()).isSameAs(first);
  }

  @Test
  void smallOnesCountAgainstTheSameBudgetAsLargeOnes() {
    long bytes = 0;
    for (Conduit next = pool.take(); next != null; next = pool.take()) {
      bytes += capacity(next);
    }
    assertThat(bytes).isEqualTo(BUDGET.bytes());
  }

  @Test
  void aLoopHasOneConduitHoweverSmallTheBudget() {
    ConduitPool least = tiny(0);
    assertThat(least.take()).isNotNull();
    assertThat(least.take()).isNull();
  }

  @Test
  void keepsALargeOneWithAFewBytesWhereThereIsNoSmallOne() throws Exception {
    Conduit filled = pool.take();
    fill(filled, 5);
    while (pool.take() != null) {
      assertThat(pool.lent()).isPositive();
    }
    assertThat(pool.shrink(filled)).isSameAs(filled);
  }

  @Test
  void tellsOneWaiterForEachConduitGivenBackInTheirOrder() {
    ConduitPool narrow = tiny(1);
    List<String> told = new ArrayList<>();
    final Conduit only = narrow.take();
    narrow.await(now -> told.add("first " + narrow.take()));
    narrow.await(now -> told.add("second"));
    narrow.resume(0);
    assertThat(told).isEmpty();
    narrow.give(only);
    assertThat(narrow.isReady()).isTrue();
    narrow.resume(0);
    assertThat(told).containsExactly("first " + only);
    narrow.give(only);
    narrow.resume(0);
    assertThat(told).containsExactly("first " + only, "second");
    assertThat(narrow.isReady()).isFalse();
  }

  @Test
  void aWaiterThatGetsNoneAgainIsNotToldBeforeTheNextIsGivenBack() {
    ConduitPool narrow = tiny(1);
    AtomicInteger told = new AtomicInteger();
    narrow.await(
        new ConduitPool.Waiter() {
          @Override
          public void onConduit(long now) {
            told.incrementAndGet();
            narrow.await(this);
          }
        });
    narrow.give(narrow.take());
    narrow.resume(0);
    narrow.resume(0);
    assertThat(told).hasValue(1);
    assertThat(narrow.isReady()).isFalse();
  }

  @Test
  void aWaiterThatGivesUpIsNotTold() {
    ConduitPool narrow = tiny(1);
    AtomicInteger told = new AtomicInteger();
    ConduitPool.Waiter waiter = now -> told.incrementAndGet();
    narrow.await(waiter);
    narrow.cancel(waiter);
    narrow.give(narrow.take());
    narrow.resume(0);
    assertThat(told).hasValue(0);
    assertThat(narrow.waiting()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // budget, loops, of a loop, of it in large ones
    "0,          4, 0,        0",
    "33554432,   1, 33554432, 16777216",
    "33554432,   4, 8388608,  4194304",
    "536870912,  4, 134217728, 16777216",
  })
  void dividesTheBudgetAmongTheLoops(long bytes, int loops, long ofLoop, long largeOfLoop) {
    BufferBudget budget = new BufferBudget(bytes);
    assertThat(budget.ofLoop(loops)).isEqualTo(ofLoop);
    assertThat(budget.largeOfLoop(loops)).isEqualTo(largeOfLoop);
  }

  @Test
  void neverPoolsALegsEarlyBytes() {
    pool.give(BufferConduit.holding(new byte[ConduitPool.LARGE], () -> {}));
    assertThat(((BufferConduit) pool.take()).isPooled()).isTrue();
  }

  private static void fill(Conduit conduit, int count) throws IOException {
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      client.write(ByteBuffer.allocate(count));
      // On loopback a small write has arrived when it returns.
      assertThat(conduit.fill(accepted, count)).isEqualTo(count);
    }
  }
}
