package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What a connection costs whose handler fails on the thread that reads for all of them. */
class ChannelLoopFaultTest extends HandlerFaultSetup {
  /** A channel of the loop, whose first event fails. */
  private final class Broken implements ChannelLoop.Listener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Throwable fault;

    Broken(Throwable fault) {
      this.fault = fault;
    }

    @Override
    public void onBytes(ByteString bytes) {
      if (fault instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) fault;
    }

    @Override
    public void onEnd() {}

    @Override
    public void onFailure(IOException why) {
      ended.countDown();
    }

    @Override
    public void onWritable() {}
  }

  private Broken readBy(ChannelLoop loop, Throwable fault) throws IOException {
    Broken broken = new Broken(fault);
    Acceptor port =
        accept(connection -> {
          connection.configureBlocking(false);
          loop.register(connection, broken, ChannelLoop.Place::wantBytes);
        });
    try (Socket client = connected(port)) {
      client.getOutputStream().write(1);
    }
    return broken;
  }

  @Test
  void aConnectionOfTheLoopThatReads() throws Exception {
    ChannelLoop loop = ChannelLoop.start(kit.system(), faults, "reading");
    Broken first = readBy(loop, new IllegalStateException("planted"));

    assertThat(first.ended.await(10, TimeUnit.SECONDS)).isTrue();
    expectOneFault();
    loop.close();
  }

  @Test
  void aConnectionOfTheLoopThatReadsByAnError() throws Exception {
    readBy(ChannelLoop.start(kit.system(), faults, "reading"), new AssertionError("planted"));

    expectEnd("its part reading failed: java.lang.AssertionError: planted");
  }
}
