package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Bytes that are moved through a pipe of the kernel, on real sockets. */
@EnabledOnOs(OS.LINUX)
class PipeConduitTest {
  private final PipePool pipes = PipePool.of(2);
  private final ConduitPool pool =
      new ConduitPool(new BufferBudget(2L * ConduitPool.LARGE), 1, pipes);
  private Line source;
  private Line target;

  /** Two ends of a connection; ours does not block. */
  private record Line(SocketChannel theirs, SocketChannel ours) implements AutoCloseable {
    static Line open() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel theirs = SocketChannel.open(server.getLocalAddress());
        SocketChannel ours = server.accept();
        ours.configureBlocking(false);
        return new Line(theirs, ours);
      }
    }

    void send(String text) throws IOException {
      theirs.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    String receive(int count) throws IOException {
      ByteBuffer received = ByteBuffer.allocate(count);
      while (received.hasRemaining() && theirs.read(received) >= 0) {}
      return new String(received.array(), 0, received.position(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      theirs.close();
      ours.close();
    }
  }

  @BeforeEach
  void connect() throws IOException {
    source = Line.open();
    target = Line.open();
  }

  @AfterEach
  void disconnect() throws IOException {
    source.close();
    target.close();
    pipes.close();
  }

  private PipeConduit pipe() {
    return Objects.requireNonNull(pipes.take());
  }

  @Test
  void movesBytesFromSocketToSocket() throws Exception {
    PipeConduit pipe = pipe();
    source.send("hello, you");
    assertThat(pipe.fill(source.ours(), 5)).isEqualTo(5);
    assertThat(pipe.isEmpty()).isFalse();
    assertThat(pipe.drain(target.ours())).isEqualTo(5);
    assertThat(pipe.isEmpty()).isTrue();
    assertThat(target.receive(5)).isEqualTo("hello");
    pipes.give(pipe);
  }

  @Test
  void takesNothingFromASilentSocket() throws Exception {
    PipeConduit pipe = pipe();
    assertThat(pipe.fill(source.ours(), 5)).isZero();
    pipes.give(pipe);
  }

  @Test
  void tellsTheEndOfTheStream() throws Exception {
    PipeConduit pipe = pipe();
    source.theirs().shutdownOutput();
    assertThat(pipe.fill(source.ours(), 5)).isEqualTo(-1);
    pipes.give(pipe);
  }

  @Test
  void failsOnAReset() throws Exception {
    PipeConduit pipe = pipe();
    source.theirs().setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
    source.theirs().close();
    assertThatThrownBy(() -> pipe.fill(source.ours(), 5)).isInstanceOf(IOException.class);
    pipes.give(pipe);
  }

  @Test
  void failsWhenTheTargetHasEndedItsStream() throws Exception {
    PipeConduit pipe = pipe();
    source.send("late");
    pipe.fill(source.ours(), 4);
    target.ours().shutdownOutput();
    assertThatThrownBy(() -> pipe.drain(target.ours())).isInstanceOf(IOException.class);
    pipes.give(pipe);
  }

  @Test
  void neverLendsAPipeWithSomebodyElsesBytes() throws Exception {
    PipeConduit pipe = pipe();
    source.send("secret");
    pipe.fill(source.ours(), 6);
    pipes.give(pipe);
    assertThat(pipes.made()).isZero();
    assertThat(pipe()).isNotSameAs(pipe).satisfies(next -> assertThat(next.isEmpty()).isTrue());
  }

  @Test
  void copiesOnceTheBoundIsReached() {
    assertThat(pool.take()).isInstanceOf(PipeConduit.class);
    Conduit second = pool.take();
    assertThat(second).isInstanceOf(PipeConduit.class);
    assertThat(pool.take()).isInstanceOf(BufferConduit.class);
    pool.give(second);
    assertThat(pool.take()).isSameAs(second);
  }

  @Test
  void keepsAPipeNoLongerThanItsBytesNeedIt() throws Exception {
    Conduit pipe = pool.take();
    source.send("a few");
    pipe.fill(source.ours(), 100);
    Conduit small = pool.shrink(pipe);
    assertThat(small).isInstanceOf(BufferConduit.class);
    small.drain(target.ours());
    assertThat(target.receive(5)).isEqualTo("a few");
    assertThat(pool.take()).isSameAs(pipe);
  }

  @Test
  void aClosedPoolLendsNoPipesAndClosesThoseThatComeBack() {
    Conduit lent = pool.take();
    pool.close();
    pool.give(lent);
    assertThat(pipes.made()).isZero();
    assertThat(pool.take()).isInstanceOf(BufferConduit.class);
  }
}
