package dev.rallypoint.app;

import dev.rallypoint.config.NodeSettings;

/** A running node. */
public final class Node {
  private Node() {}

  /** Starts a node and returns once all its ports answer. */
  public static Node start(NodeSettings settings, ServerKey key) {
    throw new UnsupportedOperationException("a node on " + settings + " with " + key);
  }

  /** The line that says that all ports answer. */
  public String readyLine() {
    throw new UnsupportedOperationException();
  }

  /** Returns once the node has stopped. */
  public void awaitTermination() {
    throw new UnsupportedOperationException();
  }

  /** Drains and stops. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
