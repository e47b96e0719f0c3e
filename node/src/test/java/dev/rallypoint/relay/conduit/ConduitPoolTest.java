package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pipes and buffers that one loop lends out. */
class ConduitPoolTest {
  private final ConduitPool pool = new ConduitPool(2L * ConduitPool.LARGE, PipePool.none());

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
      ConduitPool pool = new ConduitPool(2L * ConduitPool.LARGE, PipePool.none());
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
    assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("8192 8192 2");
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
