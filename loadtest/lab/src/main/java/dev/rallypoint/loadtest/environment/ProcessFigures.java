package dev.rallypoint.loadtest.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a process uses. A process that has ended uses nothing. */
public final class ProcessFigures {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern ANONYMOUS = Pattern.compile("Anonymous:\\s+(\\d+) kB");
  private static final Pattern USED = Pattern.compile("(?:heap|DefNew|Tenured).* used (\\d+)K");
  private static final long JCMD_SECONDS = 20;

  private ProcessFigures() {}

  /** The CPU time so far, in seconds. */
  public static double cpu(long pid) {
    try {
      return CpuTime.of(pid);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The resident memory in bytes. */
  public static long rss(long pid) {
    return bytes(pid, "status", RSS);
  }

  /** The resident memory in bytes that no file has: heap, stacks, what native code allocated. */
  public static long anonymous(long pid) {
    return bytes(pid, "smaps_rollup", ANONYMOUS);
  }

  private static long bytes(long pid, String file, Pattern line) {
    try {
      Matcher found = line.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), file)));
      return found.find() ? Long.parseLong(found.group(1)) << 10 : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The bytes of the Java heap in use after a collection; empty without jcmd or the process. */
  public static OptionalLong heap(long pid) {
    if (jcmd(pid, "GC.run").isEmpty()) {
      return OptionalLong.empty();
    }
    Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
    long sum = 0;
    boolean isKnown = false;
    while (used.find()) {
      sum += Long.parseLong(used.group(1)) << 10;
      isKnown = true;
    }
    return isKnown ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  /** The output of jcmd; empty when it is not there or fails. */
  private static String jcmd(long pid, String command) {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(program)) {
      return "";
    }
    try {
      Process process =
          new ProcessBuilder(program.toString(), String.valueOf(pid), command)
              .redirectErrorStream(true)
              .start();
      if (!process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? output : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
