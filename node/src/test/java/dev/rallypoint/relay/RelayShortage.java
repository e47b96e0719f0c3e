package dev.rallypoint.relay;

import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.relay.conduit.BufferConduit;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipeCalls;
import dev.rallypoint.relay.conduit.PipePool;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Runs in a process of few descriptors: uses them all up while a relay has a session, goes on with
 * it, then frees them. Its argument is a folder.
 */
final class RelayShortage {
  private static final int SIZE = 1024 * 1024;

  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  private RelayShortage() {}

  public static void main(String[] args) throws Exception {
    ActorSystem<Void> system = RelayLab.cluster();
    RelayLab lab = RelayLab.start(system, RelayLab.settings(), Path.of(args[0]), Ticker.SYSTEM);
    // Sockets made beforehand need no descriptor to connect; their accepted ends do.
    RelayClient a = lab.sideA("through");
    RelayClient b = lab.sideB("through");
    b.send("?");
    a.receive(1);
    for (int i = 0; i < 10; i++) {
      exchange(a, b, i);
    }
    expect(TestSettings.SPLICE == SpliceMode.OFF || pipes() > 0, "spliced before");
    // All the relay has kept is lent out or closed by now or never; nothing new can be made.
    List<RelayClient> late = List.of(RelayClient.unconnected(), RelayClient.unconnected());
    ConduitPool newcomer = new ConduitPool(new BufferBudget(2L * ConduitPool.LARGE), 1, onePipe());
    List<DatagramChannel> hogs = hogAll();
    expect(newcomer.take() instanceof BufferConduit, "a buffer where no pipe can be made");
    for (int i = 10; i < 30; i++) {
      exchange(a, b, i);
    }
    late.get(0).connectTo(lab.server().address()).send(Requests.sideA("late"));
    late.get(1).connectTo(lab.server().address()).send(Requests.sideB("late"));
    long patience = System.nanoTime() + PATIENCE;
    while (lab.counters().of(DropReason.ACCEPT_FAILED) == 0) {
      expect(System.nanoTime() < patience, "an accept that failed");
      Thread.onSpinWait();
    }
    exchange(a, b, 30);
    System.out.println("carried on");
    for (DatagramChannel hog : hogs) {
      hog.close();
    }
    late.get(1).send("!");
    expect(late.get(0).receive(1).equals("!"), "paired after");
    exchange(late.get(0), late.get(1), 31);
    exchange(a, b, 32);
    System.out.println("recovered");
    Runtime.getRuntime().halt(0);
  }

  /** A pool whose first pipe has yet to be made. */
  private static PipePool onePipe() throws ClassNotFoundException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return PipePool.none();
    }
    // What says that there is none is read from a file, which takes a descriptor.
    Class.forName(PipeCalls.CallException.class.getName());
    return PipePool.of(1);
  }

  private static void exchange(RelayClient a, RelayClient b, int seed) throws Exception {
    var sentByA = RelayClient.async(() -> a.sendRandom(seed, SIZE));
    var sentByB = RelayClient.async(() -> b.sendRandom(-seed, SIZE));
    var receivedByB = RelayClient.async(() -> b.hashOf(SIZE));
    expect(Arrays.equals(a.hashOf(SIZE), sentByB.join()), "intact at a");
    expect(Arrays.equals(receivedByB.join(), sentByA.join()), "intact at b");
  }

  private static void expect(boolean seen, String what) {
    if (!seen) {
      System.out.println("not seen: " + what);
      Runtime.getRuntime().halt(1);
    }
  }

  private static long pipes() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(RelayShortage::isPipe).count();
    }
  }

  private static boolean isPipe(Path open) {
    try {
      return Files.readSymbolicLink(open).toString().startsWith("pipe:")
          && !open.getFileName().toString().matches("[012]");
    } catch (IOException e) {
      return false;
    }
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
