package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.LabException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Plays steps on a stage and takes the stage down afterwards, whatever happens. */
final class Performance {
  private final PrintStream out;
  private final Stage stage;
  private final Path work;
  private final boolean keep;
  private final Table table;
  private boolean passed;
  private boolean struck;

  /**
   * @param work the folder of logs and data
   * @param keep leaves namespaces and files
   */
  Performance(PrintStream out, Stage stage, Path work, boolean keep) {
    this.out = out;
    this.stage = stage;
    this.work = work;
    this.keep = keep;
    this.table = new Table(out);
  }

  /** Plays the rows, each with its number, and gives the program's exit code. */
  int play(SortedMap<Integer, Step> rows) {
    Thread atInterrupt = new Thread(this::strike, "lab-cleaner");
    Runtime.getRuntime().addShutdownHook(atInterrupt);
    try {
      out.println("network " + stage.site().namespaces().prefix() + "-*, logs in " + work);
      stage.open();
      table.begin();
      rows.forEach((number, step) -> {
        if (!stage.isClosed()) {
          table.play(number, step, stage);
        }
      });
      table.end();
      passed = table.allPassed() && !stage.isClosed();
      return passed ? 0 : 1;
    } catch (LabException e) {
      out.println(e.getMessage());
      return 2;
    } finally {
      strike();
      release(atInterrupt);
    }
  }

  /** Takes everything down; on Ctrl-C beside the scenario that is being interrupted. */
  private synchronized void strike() {
    if (struck) {
      return;
    }
    struck = true;
    if (keep) {
      stage.endProcesses();
      out.println(
          "kept: namespaces " + stage.site().namespaces().prefix() + "-*, files in " + work);
      return;
    }
    stage.close();
    if (passed) {
      delete(work);
    } else {
      out.println("the logs are left in " + work);
    }
  }

  private static void release(Thread atInterrupt) {
    try {
      Runtime.getRuntime().removeShutdownHook(atInterrupt);
    } catch (IllegalStateException e) {
      // The process is ending already, by that very thread.
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("could not delete " + folder + ": " + e.getMessage());
    }
  }
}
