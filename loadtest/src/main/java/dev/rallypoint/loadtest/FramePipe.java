package dev.rallypoint.loadtest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A peer connection over TCP, direct or relayed, or over a relay's WebSocket: one frame for a
 * payload.
 */
record FramePipe(FrameChannel socket) implements PeerPipe {
  @Override
  public void send(byte[] payload) throws IOException {
    socket.send(payload);
  }

  @Override
  public byte[] receive(Duration timeout) throws IOException {
    return socket.receive(timeout);
  }

  @Override
  public int usualPayload() {
    return 64 << 10;
  }

  @Override
  public InetSocketAddress remote() {
    return socket.remote();
  }

  @Override
  public void close() {
    socket.close();
  }
}
