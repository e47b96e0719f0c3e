package dev.rallypoint.loadtest.benchmark;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the heap that sessions without traffic use in a node. */
final class IdleSessions {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final int SPARE = 500;
  private static final int WARM_UP = 50;

  private IdleSessions() {}

  /**
   * The result.
   *
   * @param sessions how many sessions were open
   * @param bytes the live heap of each
   */
  record Result(int sessions, double bytes) {}

  /** Opens as many sessions as file descriptors allow, with an upper limit. */
  static Result measure(TransferPath path, int most) throws IOException {
    int sessions = (int) Math.min(most, (descriptors() - SPARE) / 2);
    for (int i = 0; i < WARM_UP; i++) {
      path.connect().close(); // loads classes and allocates what is allocated once
    }
    long before = liveBytes(path.pid());
    return path.withSessions(
        sessions,
        opened -> new Result(sessions, (double) (liveBytes(path.pid()) - before) / sessions));
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
        : SPARE;
  }

  /** The live heap after a full collection, by jcmd. */
  private static long liveBytes(long pid) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.class_histogram").start();
    String text = new String(process.getInputStream().readAllBytes());
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new IOException("no total in the histogram of " + pid);
    }
    return Long.parseLong(total.group(1));
  }
}
