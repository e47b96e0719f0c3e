package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SortedMap;

/** One run of a lab: opens the testbed, runs the scenarios, and always closes the testbed. */
final class LabRun {
  private final PrintStream out;
  private final Testbed testbed;
  private final Path work;
  private final boolean keep;
  private volatile boolean passed;

  /**
   * @param work the folder of data and logs
   * @param keep whether namespaces and files are kept
   */
  LabRun(PrintStream out, Testbed testbed, Path work, boolean keep) {
    this.out = out;
    this.testbed = testbed;
    this.work = work;
    this.keep = keep;
  }

  /**
   * Runs the numbered scenarios.
   *
   * @return the exit code: 0 when all passed, 1 when one did not, 2 when the testbed failed to open
   */
  int run(SortedMap<Integer, Scenario> scenarios) {
    ExitCleanup cleanup = ExitCleanup.register(this::close);
    try {
      out.println("namespaces " + testbed.prefix() + "-*, logs in " + work);
      testbed.open();
      ResultTable table = new ResultTable(out);
      table.printHeader();
      scenarios.forEach((number, scenario) -> {
        if (!testbed.isClosed()) {
          table.run(number, scenario, testbed);
        }
      });
      table.printSummary();
      passed = table.allPassed() && !testbed.isClosed();
      return passed ? 0 : 1;
    } catch (EnvironmentException e) {
      out.println(e.getMessage());
      return 2;
    } finally {
      cleanup.run();
    }
  }

  private void close() {
    if (keep) {
      testbed.endProcesses();
      out.println("kept the namespaces " + testbed.prefix() + "-* and the files in " + work);
      return;
    }
    testbed.close();
    if (passed) {
      TemporaryFolder.delete(work);
    } else {
      out.println("kept the logs in " + work);
    }
  }
}
