package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay whose sessions are not read, in a process of its own with a quarter of the memory for
 * buffers that a heap of 64 MB gives: the system takes over a megabyte for each session.
 */
class RelayUnreadTest {
  private static final int SESSIONS = 200;

  /** Bytes sent in one go to a reader that does not read. */
  private static final int PIECE = 256 * 1024;

  /** A window that is full soon, so that bytes wait in the relay and not in the system. */
  private static final int WINDOW = 8 * 1024;

  /** The attacker has 127.0.0.1. */
  private static final String ADDRESS_OF_HONEST = "127.0.0.2";

  @TempDir private Path data;
  private final List<SocketChannel> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private SocketChannel connect(InetSocketAddress relay, byte[] request) throws Exception {
    SocketChannel channel = SocketChannel.open();
    open.add(channel);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
    channel.connect(relay);
    channel.write(ByteBuffer.wrap(request));
    return channel;
  }

  private static RelayClient honest(InetSocketAddress relay, byte[] request) throws IOException {
    RelayClient client = RelayClient.unconnected();
    client.socket().bind(new InetSocketAddress(ADDRESS_OF_HONEST, 0));
    return client.connectTo(relay).send(request);
  }

  /** Sends to each what the system takes now. */
  private static void fill(List<SocketChannel> senders) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    for (SocketChannel sender : senders) {
      sender.configureBlocking(false);
      sender.write(piece.clear());
    }
  }

  @Test
  void outlivesHundredsOfSessionsThatAreNotRead() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=14m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RelayUnread.class.getName(),
                data.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
    try {
      String first = lineOf(output, "port ");
      InetSocketAddress relay =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(first));
      List<SocketChannel> senders = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        connect(relay, Requests.sideA("unread-" + i));
        senders.add(connect(relay, Requests.sideB("unread-" + i)));
      }
      await().until(() -> ask(process, output, "sessions ") == SESSIONS);
      await()
          .until(() -> {
            fill(senders);
            return ask(process, output, "full ") >= SESSIONS;
          });
      try (Couple honest =
          Couple.of(
              honest(relay, Requests.sideA("honest")), honest(relay, Requests.sideB("honest")))) {
        honest.exchange(1, 3_000_000, 3_000_000);
      }
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static int ask(Process process, BufferedReader output, String what) throws Exception {
    process.getOutputStream().write('?');
    process.getOutputStream().flush();
    return Integer.parseInt(lineOf(output, what));
  }

  private static String lineOf(BufferedReader output, String beginning) throws Exception {
    List<String> seen = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
      seen.add(line);
    }
    throw new AssertionError("the process ended: " + String.join("\n", seen));
  }
}
