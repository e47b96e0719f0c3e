package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Lets accepted connections of clients in, or closes them. */
public record Gate(RelayDoor door, SpliceEngine engine) {

  /** Takes a connection, in whatever state it is. */
  public void take(SocketChannel channel) throws IOException {
    PeerAddress address = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
    if (door.admit(address)) {
      engine.open(channel, address);
    } else {
      channel.close();
    }
  }
}
