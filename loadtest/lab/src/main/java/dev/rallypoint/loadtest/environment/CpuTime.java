package dev.rallypoint.loadtest.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPU time of processes from /proc, in seconds, with a resolution of 10 ms. */
public final class CpuTime {
  private static final double TICKS_PER_SECOND = 100;

  private CpuTime() {}

  /** The user and system time of a process so far; 0 for the pid 0. */
  public static double of(long pid) throws IOException {
    if (pid == 0) {
      return 0;
    }
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** The user and system time of this process so far. */
  public static double ofThisProcess() throws IOException {
    return of(ProcessHandle.current().pid());
  }
}
