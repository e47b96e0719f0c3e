package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Moves bytes through a pipe of the kernel by splice(2): they are handed from socket to socket as
 * pages, and never enter the process.
 */
public final class PipeConduit implements Conduit {
  /**
   * The most bytes moved at once. A pipe's size counts pages of 4 KiB, and each holds what came in
   * one piece, which may be more: it takes more bytes than its size says, or fewer.
   */
  static final int MOST = 4 * 1024 * 1024;

  private final PipeCalls calls;
  private final PipeCalls.Ends ends;
  private int held;

  PipeConduit(PipeCalls calls, PipeCalls.Ends ends) {
    this.calls = calls;
    this.ends = ends;
  }

  @Override
  public int fill(SocketChannel source, int most) throws IOException {
    int moved = calls.splice(SocketDescriptor.of(source), ends.in(), Math.min(most, MOST));
    if (moved > 0) {
      held = moved;
      return moved;
    }
    return moved == 0 ? -1 : 0;
  }

  @Override
  public int drain(SocketChannel target) throws IOException {
    int moved = Math.max(0, calls.splice(ends.out(), SocketDescriptor.of(target), held));
    held -= moved;
    return moved;
  }

  @Override
  public int remaining() {
    return held;
  }

  @Override
  public void moveTo(BufferConduit buffer) throws IOException {
    while (held > 0) {
      held -= buffer.append(segment -> calls.read(ends.out(), segment), held);
    }
  }

  void close() {
    calls.close(ends);
  }
}
