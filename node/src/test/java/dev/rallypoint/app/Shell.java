package dev.rallypoint.app;

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
final class Shell {
  final Path folder;
  final Map<String, String> environment = new HashMap<>();
  final List<NodeSettings> started = new ArrayList<>();
  RunningNode.Starter starter = this::start;
  boolean isStoppedBySignal = true;
  boolean isClosed;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Runnable> terminations = new ArrayList<>();

  Shell(Path folder) {
    this.folder = folder;
  }

  /** Calls the program and returns its exit code. */
  int run(String... args) {
    return Main.run(
        new Surroundings(
            folder,
            environment,
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            terminations::add,
            (settings, key, ending) -> starter.start(settings, key, ending)),
        args);
  }

  /** As a signal does. */
  void tellToEnd() {
    terminations.forEach(Runnable::run);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** The public key in the working directory. */
  String publicKey() {
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
