package dev.rallypoint.relay.conduit;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SpliceMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out at start whether splice(2) works here, by doing it: the system may have none, the JDK
 * may hide its descriptors, a sandbox may forbid it.
 */
public final class SpliceProbe {
  private static final Logger LOG = LoggerFactory.getLogger(SpliceProbe.class);

  private SpliceProbe() {}

  /**
   * Whether to splice.
   *
   * @throws SettingException when it must be done and cannot be
   */
  public static boolean passes(SpliceMode mode) {
    if (mode == SpliceMode.OFF) {
      return false;
    }
    String fault = fault();
    if (fault == null) {
      return true;
    }
    if (mode == SpliceMode.ON) {
      throw new SettingException(
          "relay-splice", "Y", "splice does not work here (" + fault + "); write auto to copy");
    }
    LOG.info("relayed bytes are copied: splice does not work here: {}", fault);
    return false;
  }

  /** Why splice(2) cannot be used in this process, or null when it can. */
  private static @Nullable String fault() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "only Linux has it";
    }
    try {
      return tried() ? null : "no bytes came through";
    } catch (ExceptionInInitializerError e) {
      return String.valueOf(e.getCause());
    } catch (IOException | RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  private static boolean tried() throws IOException {
    PipePool pool = PipePool.of(1);
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel accepted = server.accept()) {
        PipeConduit pipe = pool.take();
        if (pipe == null) {
          return false;
        }
        try {
          client.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
          int filled = pipe.fill(accepted, 3);
          int drained = filled > 0 ? pipe.drain(accepted) : 0;
          return filled > 0 && drained == filled;
        } finally {
          pool.give(pipe);
        }
      }
    } finally {
      pool.close();
    }
  }
}
