package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Runs in a process of few descriptors: uses them all up, then frees them, while it listens. */
final class DescriptorShortage {
  private DescriptorShortage() {}

  public static void main(String[] args) throws Exception {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "shortage");
    Counters counters = new Counters();
    BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    InetSocketAddress bound =
        Acceptor.bind(
                system,
                "a-port",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                counters,
                new HandlerFaults(counters, () -> 0),
                accepted::add)
            .toCompletableFuture()
            .join()
            .address();
    serve(bound, accepted).close();

    // A client made beforehand needs no descriptor to connect; its accepted end does.
    SocketChannel waiting = SocketChannel.open();
    List<DatagramChannel> hogs = hogAll();
    waiting.connect(bound);
    while (counters.of(DropReason.ACCEPT_FAILED) == 0) {
      Thread.onSpinWait();
    }
    for (DatagramChannel hog : hogs) {
      hog.close();
    }
    System.out.println("failed accepts counted");
    accepted.take().close();
    waiting.close();
    serve(bound, accepted).close();
    System.out.println("served again");
    Runtime.getRuntime().halt(0);
  }

  private static Socket serve(InetSocketAddress bound, BlockingQueue<SocketChannel> accepted)
      throws Exception {
    Socket client = new Socket(bound.getAddress(), bound.getPort());
    accepted.take().close();
    return client;
  }

  private static List<DatagramChannel> hogAll() {
    List<DatagramChannel> hogs = new ArrayList<>();
    try {
      while (true) {
        hogs.add(DatagramChannel.open(StandardProtocolFamily.INET));
      }
    } catch (IOException e) {
      return hogs;
    }
  }
}
