package dev.rallypoint.app;

import dev.rallypoint.config.NodeSettings;

/** A node as the command line sees it. */
interface RunningNode {

  /** Starts a node; returns once all its ports answer. */
  interface Starter {
    RunningNode start(NodeSettings settings, ServerKey key);
  }

  /** The line that says that all ports answer. */
  String readyLine();

  /** Returns once the node has stopped, by itself or by {@link #close}. */
  void awaitTermination();

  /** Drains and stops. */
  void close();

  /** The node of this program. */
  static RunningNode of(Node node) {
    return new RunningNode() {
      @Override
      public String readyLine() {
        return node.readyLine();
      }

      @Override
      public void awaitTermination() {
        node.awaitTermination();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }
}
