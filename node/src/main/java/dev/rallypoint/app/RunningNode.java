package dev.rallypoint.app;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.NodeSettings;
import java.util.function.Consumer;

/** A node as the command line sees it. */
public interface RunningNode extends AutoCloseable {

  /** Starts a node. */
  interface Starter {
    /** Returns once all its ports answer; {@code ending} takes what ends the node until then. */
    RunningNode start(NodeSettings settings, ServerKey key, Consumer<Runnable> ending);
  }

  /** The line that says that all ports answer. */
  String readyLine();

  /** Returns once the node has stopped, by itself or by {@link #close}. */
  void awaitTermination();

  /** Why it stopped by itself, for the one line that the operator sees. */
  String ending();

  /** Takes no new work, finishes what is under way, and stops. */
  @Override
  void close();
}
