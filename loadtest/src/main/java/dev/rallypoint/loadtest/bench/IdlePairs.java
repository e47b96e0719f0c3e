package dev.rallypoint.loadtest.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sessions that say nothing: how much of the node's heap each one keeps. */
final class IdlePairs {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final int SPARE = 500;

  private IdlePairs() {}

  /**
   * @param pairs how many
   * @param bytes live heap for each
   */
  record Found(int pairs, double bytes) {}

  /** Opens as many as descriptors allow, at most so many. */
  static Found run(Contestant contestant, int most) throws IOException {
    int pairs = (int) Math.min(most, (descriptors() - SPARE) / 2);
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        contestant.connect().close(); // what is loaded and made once
      }
      long before = liveBytes(contestant.pid());
      for (int i = 0; i < pairs; i++) {
        wires.add(contestant.connect());
      }
      return new Found(pairs, (double) (liveBytes(contestant.pid()) - before) / pairs);
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
        : SPARE;
  }

  /** What is reachable after a full collection, by the JDK's own count. */
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
