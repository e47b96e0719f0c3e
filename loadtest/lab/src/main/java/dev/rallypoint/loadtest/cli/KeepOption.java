package dev.rallypoint.loadtest.cli;

import picocli.CommandLine.Option;

/** The option that keeps the files of a run. */
public final class KeepOption {
  @Option(
      names = "--keep",
      description = "Keeps data and logs also when all is well. The labs keep the namespaces too.")
  private boolean keep;

  /** Whether the files are kept. */
  public boolean keep() {
    return keep;
  }
}
