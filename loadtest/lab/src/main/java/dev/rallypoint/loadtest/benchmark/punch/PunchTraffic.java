package dev.rallypoint.loadtest.benchmark.punch;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Requesters and targets, all on the thread of the caller. Each punch is a new TCP connection of a
 * requester; its target answers PunchHole with PunchHoleSent on a new TCP connection to its own
 * server, as clients do, and the server closes that one.
 */
final class PunchTraffic implements AutoCloseable {
  private static final int FIRST_REQUESTER = (127 << 24) | (19 << 16) | 1;
  private static final int REQUESTERS = 60_000;
  private static final int MAX_FRAME = 64 << 10;
  private static final long BEAT_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long RETRY_NANOS = Duration.ofSeconds(3).toNanos();
  private static final Duration REGISTRATION = Duration.ofSeconds(60);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final Selector selector;
  private final List<Target> targets = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_FRAME);
  private final InetSocketAddress home;
  private final String key;
  private long[] nanos = new long[0];
  private int answered;
  private int begun;
  private int online;
  private long beatAt;

  /** A connection that sends one frame once it is connected. */
  private record Sender(SocketChannel channel, ByteBuffer frame) {}

  /** A requester's connection. */
  private record Requester(Sender sender, FrameDecoder decoder, long begunAt) {}

  private PunchTraffic(Selector selector, InetSocketAddress home, String key) {
    this.selector = selector;
    this.home = home;
    this.key = key;
  }

  /**
   * Registers targets at a server and waits until all are acknowledged.
   *
   * @param first the number of the first target; each has an id and an address of its own
   */
  static PunchTraffic register(int first, int count, InetSocketAddress home, String key)
      throws IOException {
    PunchTraffic traffic = new PunchTraffic(Selector.open(), home, key);
    try {
      for (int i = 0; i < count; i++) {
        Target target = new Target(first + i, home);
        traffic.targets.add(target);
        target.channel().register(traffic.selector, SelectionKey.OP_READ, target);
      }
      long end = System.nanoTime() + REGISTRATION.toNanos();
      traffic.turn(
          () -> traffic.online < count && System.nanoTime() - end < 0, Long.MAX_VALUE, () -> {});
      if (traffic.online < count) {
        throw new EnvironmentException(
            "only %d of %d targets are registered".formatted(traffic.online, count));
      }
      return traffic;
    } catch (IOException | RuntimeException e) {
      traffic.close();
      throw e;
    }
  }

  /** The registered targets. */
  List<Target> targets() {
    return targets;
  }

  /** The CPU seconds of the servers so far. */
  interface Cpu {
    double seconds() throws IOException;
  }

  /**
   * Begins punches at a fixed rate.
   *
   * @param asked the server that the requesters ask
   */
  PunchFigures run(InetSocketAddress asked, int perSecond, int seconds, Cpu cpu)
      throws IOException {
    int most = perSecond * seconds;
    nanos = new long[most];
    answered = 0;
    begun = 0;
    double before = cpu.seconds();
    long gap = Duration.ofSeconds(1).toNanos() / perSecond;
    turn(() -> begun < most, gap, () -> begin(asked));
    double spent = cpu.seconds() - before;
    long end = System.nanoTime() + LAST_ANSWERS.toNanos();
    turn(() -> answered < begun && System.nanoTime() - end < 0, Long.MAX_VALUE, () -> {});
    for (SelectionKey left : List.copyOf(selector.keys())) {
      if (!(left.attachment() instanceof Target)) {
        left.channel().close();
      }
    }
    selector.selectNow();
    return new PunchFigures(Arrays.copyOf(nanos, answered), begun, spent);
  }

  /** An action that is repeated. */
  private interface Action {
    void run() throws IOException;
  }

  /** Serves all sockets while the condition holds, and does the action once in each gap. */
  private void turn(BooleanSupplier goesOn, long gap, Action action) throws IOException {
    long due = System.nanoTime();
    while (goesOn.getAsBoolean()) {
      long now = System.nanoTime();
      beat(now);
      for (; gap != Long.MAX_VALUE && due - now <= 0 && goesOn.getAsBoolean(); due += gap) {
        action.run();
      }
      selector.select(this::serve, 1);
    }
  }

  private void beat(long now) throws IOException {
    if (beatAt == 0 || now - beatAt > (online < targets.size() ? RETRY_NANOS : BEAT_NANOS)) {
      beatAt = now;
      for (Target target : targets) {
        target.beat();
      }
    }
  }

  private void begin(InetSocketAddress asked) throws IOException {
    Target target = targets.get(begun % targets.size());
    RendezvousMessage request =
        RendezvousMessage.newBuilder()
            .setPunchHoleRequest(
                PunchHoleRequest.newBuilder()
                    .setId(target.id())
                    .setNatType(NatType.ASYMMETRIC)
                    .setLicenceKey(key)
                    .setVersion("1.4.9"))
            .build();
    long now = System.nanoTime();
    InetAddress from = SourceAddresses.address(FIRST_REQUESTER + begun % REQUESTERS);
    Sender sender = sender(from, asked, request);
    begun++;
    register(sender, new Requester(sender, new FrameDecoder(MAX_FRAME), now));
  }

  private static Sender sender(InetAddress from, InetSocketAddress to, RendezvousMessage message)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.bind(new InetSocketAddress(from, 0));
    channel.connect(to);
    return new Sender(channel, ByteBuffer.wrap(FrameEncoder.encode(message.toByteArray())));
  }

  private void register(Sender sender, Object attachment) throws IOException {
    sender.channel.register(selector, SelectionKey.OP_CONNECT, attachment);
  }

  private void serve(SelectionKey ready) {
    try {
      switch (ready.attachment()) {
        case Target target -> onDatagrams(target);
        case Requester requester when ready.isConnectable() -> connected(ready, requester.sender);
        case Requester requester -> onFrames(requester);
        case Sender answer when ready.isConnectable() -> connected(ready, answer);
        case Sender answer -> {
          if (answer.channel.read(buffer.clear()) < 0) {
            answer.channel.close();
          }
        }
        default -> throw new IllegalStateException();
      }
    } catch (IOException | FrameException e) {
      close(ready); // it is then not answered, which is counted
    }
  }

  /** Closes a connection, but no target's socket. */
  private static void close(SelectionKey key) {
    try {
      if (!(key.attachment() instanceof Target)) {
        key.channel().close();
      }
    } catch (IOException e) {
      // The socket is not used any more.
    }
  }

  private static void connected(SelectionKey key, Sender sender) throws IOException {
    sender.channel.finishConnect();
    sender.channel.write(sender.frame);
    key.interestOps(SelectionKey.OP_READ);
  }

  private void onFrames(Requester requester) throws IOException, FrameException {
    SocketChannel channel = requester.sender.channel;
    if (channel.read(buffer.clear()) < 0) {
      channel.close();
      return;
    }
    requester.decoder.feed(buffer.flip());
    for (byte[] frame = requester.decoder.poll(); frame != null; frame = requester.decoder.poll()) {
      RendezvousMessage message = RendezvousMessage.parseFrom(frame);
      if (message.hasPunchHoleResponse()
          && !message.getPunchHoleResponse().getSocketAddr().isEmpty()) {
        nanos[answered++] = System.nanoTime() - requester.begunAt;
        channel.close();
        return;
      }
    }
  }

  private void onDatagrams(Target target) throws IOException {
    while (target.channel().read(buffer.clear()) > 0) {
      try {
        onDatagram(target, RendezvousMessage.parseFrom(buffer.flip()));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("the server sent no message", e);
      }
    }
  }

  private void onDatagram(Target target, RendezvousMessage message) throws IOException {
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> {
        if (message.getRegisterPeerResponse().getRequestPk()) {
          target.register();
        } else {
          online(target);
        }
      }
      case REGISTER_PK_RESPONSE -> {
        if (message.getRegisterPkResponse().getResult() == RegisterPkResponse.Result.OK) {
          online(target);
        }
      }
      case PUNCH_HOLE -> {
        Sender answer =
            sender(target.address(), home, target.answer(message.getPunchHole().getSocketAddr()));
        register(answer, answer);
      }
      default -> {
        // Nothing else is to be answered here.
      }
    }
  }

  private void online(Target target) {
    if (!target.isOnline()) {
      target.setOnline();
      online++;
    }
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : List.copyOf(selector.keys())) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      // The sockets are not used any more.
    }
  }
}
