package dev.rallypoint.app;

import dev.rallypoint.app.cli.CommandContext;
import dev.rallypoint.app.cli.Main;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.NodeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A shell in which the program is called, with a node that runs until the process is ended. */
public final class Shell {
  public final Path folder;
  public final Map<String, String> environment = new HashMap<>();
  public final List<NodeSettings> started = new ArrayList<>();
  public RunningNode.Starter starter = this::start;
  public boolean isStoppedBySignal = true;
  public boolean isClosed;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Runnable> terminations = new ArrayList<>();

  public Shell(Path folder) {
    this.folder = folder;
  }

  /** Calls the program and returns its exit code. */
  public int run(String... args) {
    return Main.run(context(), args);
  }

  /** What the program sees of the shell. */
  public CommandContext context() {
    return new CommandContext(
        folder,
        environment,
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        terminations::add,
        (settings, key, ending) -> starter.start(settings, key, ending));
  }

  /** As a signal does. */
  public void tellToEnd() {
    terminations.forEach(Runnable::run);
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }

  /** The public key in the working directory. */
  public String publicKey() {
    return KeyFiles.in(folder).load().orElseThrow().publicKey().text();
  }

  private RunningNode start(NodeSettings settings, ServerKey key, Consumer<Runnable> ending) {
    started.add(settings);
    return new RunningNode() {
      @Override
      public String ending() {
        return "it was told so";
      }

      @Override
      public String readyLine() {
        return "ready key=" + key.publicText().orElse("none");
      }

      @Override
      public void awaitTermination() {
        if (isStoppedBySignal) {
          tellToEnd();
        }
      }

      @Override
      public void close() {
        isClosed = true;
      }
    };
  }
}
