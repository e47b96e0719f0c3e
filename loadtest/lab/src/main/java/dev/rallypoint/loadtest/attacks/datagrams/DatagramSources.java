package dev.rallypoint.loadtest.attacks.datagrams;

import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/** A UDP socket at each source address of an attacker; answers are not read. */
final class DatagramSources implements AutoCloseable {
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final InetSocketAddress target;
  private int turn;

  private DatagramSources(InetSocketAddress target) {
    this.target = target;
  }

  /** Opens the sockets. */
  static DatagramSources open(AttackContext context) throws IOException {
    DatagramSources sources = new DatagramSources(context.node().idServer());
    try {
      for (int i = 0; i < context.addresses(); i++) {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        sources.channels.add(channel);
        channel.bind(new InetSocketAddress(context.attacker(i), 0));
        channel.configureBlocking(false);
      }
      return sources;
    } catch (IOException e) {
      sources.close();
      throw e;
    }
  }

  /** Sends from the next address; returns whether it was sent. */
  boolean send(byte[] datagram) {
    DatagramChannel channel = channels.get(turn);
    turn = (turn + 1) % channels.size();
    try {
      return channel.send(ByteBuffer.wrap(datagram), target) > 0;
    } catch (IOException e) {
      return false; // port unreachable: the node has ended
    }
  }

  @Override
  public void close() {
    for (DatagramChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // Not used any more.
      }
    }
  }
}
