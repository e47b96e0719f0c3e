package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets accepted connections of clients in, or closes them. */
public record Gate(RelayDoor door, SpliceEngine engine) {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  /** Takes a connection, in whatever state it is. */
  public void take(SocketChannel channel) {
    try {
      PeerAddress address = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
      if (door.admit(address)) {
        engine.open(channel, address);
      } else {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("a connection was gone at once", e);
      close(channel);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }
}
