package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What a loop reads for its connections, and what it leaves in the kernel. */
class ChannelLoopDemandTest extends HandlerFaultSetup {
  /** A channel of the loop, with the other end of its connection. */
  private final class Reader implements ChannelLoop.Listener, AutoCloseable {
    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
    private final BlockingQueue<ChannelLoop.Place> places = new LinkedBlockingQueue<>();
    private final Socket client;

    Reader(ChannelLoop loop) throws IOException {
      Acceptor port =
          accept(connection -> {
            connection.configureBlocking(false);
            loop.register(connection, this, places::add);
          });
      client = connected(port);
    }

    Reader sends(String text) throws IOException {
      client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    /** Asks for one read and returns what it brings. */
    String asked() throws InterruptedException {
      ChannelLoop.Place place = places.take();
      places.add(place);
      place.wantBytes();
      return String.valueOf(read.poll(60, TimeUnit.SECONDS));
    }

    @Override
    public void onBytes(ByteString bytes) {
      read.add(bytes.utf8String());
    }

    @Override
    public void onEnd() {}

    @Override
    public void onFailure(IOException why) {}

    @Override
    public void onWritable() {}

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  @Test
  void bytesThatNobodyAskedForAreLeftUntilSomebodyDoes() throws Exception {
    ChannelLoop loop = ChannelLoop.start(kit.system(), faults, "reading");
    try (Reader slow = new Reader(loop);
        Reader other = new Reader(loop)) {
      assertThat(slow.sends("first").asked()).isEqualTo("first");
      slow.sends("second");
      // Two reads of another connection: the loop has looked at all that was ready between them.
      assertThat(other.sends("one").asked()).isEqualTo("one");
      assertThat(other.sends("two").asked()).isEqualTo("two");
      assertThat(slow.read).isEmpty();

      assertThat(slow.asked()).isEqualTo("second");
    }
    loop.close();
  }
}
