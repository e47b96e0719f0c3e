package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A relay with a heap of 64 MB whose sessions are not read, in a process of its own. */
class RelayUnreadTest {
  private static final int SESSIONS = 900;

  /** Bytes sent in one go to a reader that does not read. */
  private static final int PIECE = 256 * 1024;

  /** A window that is full soon, so that bytes wait in the relay and not in the system. */
  private static final int WINDOW = 8 * 1024;

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

  /** Sends to each more than its reader and the system take. */
  private static void fill(List<SocketChannel> senders) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    for (SocketChannel sender : senders) {
      sender.configureBlocking(false);
      sender.write(piece.clear());
    }
    for (SocketChannel sender : senders) {
      sender.write(piece.clear());
    }
  }

  @Test
  void outlivesNineHundredSessionsThatAreNotRead() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
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
      fill(senders);
      try (RelayClient a = RelayClient.connect(relay).send(Requests.sideA("honest"));
          RelayClient b = RelayClient.connect(relay).send(Requests.sideB("honest"))) {
        b.send("x");
        a.receive(1); // they are paired: there is no memory for what comes before
        new Couple(a, b).exchange(1, 3_000_000, 3_000_000);
      }
      process.getOutputStream().write('?');
      process.getOutputStream().flush();
      assertThat(Integer.parseInt(lineOf(output, "sessions "))).isPositive();
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
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
