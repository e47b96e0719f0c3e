package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of processes by /proc, in seconds, a hundredth coarse. */
final class CpuTime {
  private static final double TICKS_A_SECOND = 100;

  private CpuTime() {}

  /** User and system time of a process so far; 0 for pid 0. */
  static double of(long pid) throws IOException {
    if (pid == 0) {
      return 0;
    }
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  static double ofThisProcess() throws IOException {
    return of(ProcessHandle.current().pid());
  }
}
