package dev.rallypoint.app.cli;

import dev.rallypoint.app.RunningNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is outside a command: its process and the node that it starts.
 *
 * @param workingDirectory the absolute folder the process was started in
 * @param terminations takes what is to run when the process is told to end
 */
public record CommandContext(
    Path workingDirectory,
    Map<String, String> environment,
    PrintWriter out,
    PrintWriter err,
    Consumer<Runnable> terminations,
    RunningNode.Starter starter) {

  /** Says in one line on standard error what an operator should know. */
  void warn(String line) {
    err.println("warning: " + line);
  }

  @Override
  public String toString() {
    return "CommandContext[" + workingDirectory + "]";
  }
}
