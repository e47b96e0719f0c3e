package dev.rallypoint.loadtest.benchmark.report;

import java.time.Clock;
import java.time.LocalDate;

/**
 * When and where figures were taken.
 *
 * @param cores how many processors this process may use
 * @param kernel the operating system and its version
 * @param jdk the version of the JDK, which the node runs on too
 */
public record Machine(LocalDate date, int cores, String kernel, String jdk) {
  /** This machine, today. */
  public static Machine here(Clock clock) {
    return new Machine(
        LocalDate.now(clock),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.runtime.version"));
  }

  @Override
  public String toString() {
    return "%s, %d cores, %s, JDK %s".formatted(date, cores, kernel, jdk);
  }
}
