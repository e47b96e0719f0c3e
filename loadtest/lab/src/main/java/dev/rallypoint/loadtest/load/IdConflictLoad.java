package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Conflicting registrations: for each id, two devices keep registering it through random nodes, and
 * sometimes one changes its key. Requesters ask for the ids at the same time. All registrations and
 * answers are recorded in a {@link KeyHistory}.
 */
public final class IdConflictLoad implements AutoCloseable {
  private static final int ADDRESSES = 1_200;
  private static final int ANSWER_MILLIS = 1_500;
  private static final int MAX_PAUSE_MILLIS = 1_500;
  private static final int KEY_CHANGES_ONE_IN = 8;
  private static final Duration REQUEST_PERIOD = Duration.ofMillis(50);

  /** How often the owner of an id registers after {@link #settle}. */
  private static final int OWNER_PERIOD_MILLIS = 5_000;

  private final NodeBalancer nodes;
  private final PunchRequester requester;
  private final PushResponder responder;
  private final KeyHistory history;
  private final AtomicLong refused = new AtomicLong();
  private final List<String> ids;
  private volatile boolean settled;
  private volatile boolean closed;

  /** One of the two devices of an id. */
  private record Device(String id, String uuid, InetAddress address) {
    RendezvousMessage registerPk(ByteString key) {
      return RendezvousMessage.newBuilder()
          .setRegisterPk(
              RegisterPk.newBuilder().setId(id).setUuid(ByteString.copyFromUtf8(uuid)).setPk(key))
          .build();
    }
  }

  /**
   * Begins.
   *
   * @param firstId the first id; the others follow it
   * @param count the number of ids
   * @param threads in the network of the clients
   */
  public IdConflictLoad(
      int firstId,
      int count,
      NodeBalancer nodes,
      PunchRequester requester,
      KeyHistory history,
      ExecutorService threads) {
    this.nodes = nodes;
    this.requester = requester;
    this.responder = new PushResponder(nodes, threads);
    this.history = history;
    this.ids = IntStream.range(0, count).mapToObj(i -> String.valueOf(firstId + i)).toList();
    for (int i = 0; i < 2 * count; i++) {
      int offset = (2 * firstId + i) % ADDRESSES;
      InetAddress address = SourceAddresses.address(SourceAddresses.CONFLICTING_DEVICES + offset);
      String id = ids.get(i / 2);
      Device device = new Device(id, id + "-" + i % 2, address);
      threads.execute(() -> run(device));
    }
    threads.execute(
        () -> FixedRate.run(REQUEST_PERIOD, () -> closed, () -> threads.execute(this::request)));
  }

  private void run(Device device) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    ByteString key = newKey();
    try {
      while (!closed) {
        // A new socket for each registration: a late answer to an older one must not count for it.
        try (DatagramSocket socket =
            new DatagramSocket(new InetSocketAddress(device.address(), 0))) {
          int node = random.nextInt(nodes.size()) + 1;
          boolean isOwner = register(socket, node, device, key);
          while (isOwner && settled && !closed) {
            receive(socket, device.id(), OWNER_PERIOD_MILLIS, -1);
            socket.send(datagram(device.registerPk(key), node));
          }
          if (isOwner && random.nextInt(KEY_CHANGES_ONE_IN) == 0) {
            key = newKey();
          }
          receive(socket, device.id(), random.nextInt(MAX_PAUSE_MILLIS), -1);
        }
      }
    } catch (IOException e) {
      if (!closed) {
        System.err.println("the device " + device.uuid() + " stops: " + e);
      }
    }
  }

  private static ByteString newKey() {
    return SigningKey.generate(new SplittableRandom()).publicKey().bytes();
  }

  private boolean register(DatagramSocket socket, int node, Device device, ByteString key)
      throws IOException {
    int number = history.registered(device.id(), device.uuid(), key, System.nanoTime());
    try {
      socket.send(datagram(device.registerPk(key), node));
    } catch (IOException e) {
      return false;
    }
    return receive(socket, device.id(), ANSWER_MILLIS, number);
  }

  private DatagramPacket datagram(RendezvousMessage message, int node) {
    byte[] bytes = message.toByteArray();
    return new DatagramPacket(bytes, bytes.length, nodes.idServer(node));
  }

  /**
   * Receives and answers pushes for some time.
   *
   * @param registration the registration whose answer ends the wait; negative for none
   * @return whether the registration was accepted
   */
  private boolean receive(DatagramSocket socket, String id, int millis, int registration)
      throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    while (!closed) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      try {
        socket.setSoTimeout((int) left);
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return false;
      }
      RendezvousMessage message =
          RendezvousMessage.parseFrom(ByteString.copyFrom(packet.getData(), 0, packet.getLength()));
      if (!message.hasRegisterPkResponse()) {
        responder.respond(id, socket.getLocalAddress(), message);
      } else if (registration >= 0) {
        boolean isOk = message.getRegisterPkResponse().getResult() == RegisterPkResponse.Result.OK;
        if (isOk) {
          history.acknowledged(id, registration, System.nanoTime());
        } else {
          refused.incrementAndGet();
        }
        return isOk;
      }
    }
    return false;
  }

  private void request() {
    String id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    PunchResult result = requester.request(id, 0, PunchRequester.ONE_REQUEST);
    if (result.isFound() || result.outcome() == PunchOutcome.NO_KEY) {
      history.answered(id, result.key(), result.begun(), result.ended());
    }
  }

  /** The ids that two devices register. */
  public List<String> ids() {
    return ids;
  }

  /** How many registrations were refused. */
  public long refused() {
    return refused.get();
  }

  /** From now on the owner of an id keeps its key and its node. */
  public void settle() {
    settled = true;
  }

  /** Stops all devices and requesters. */
  @Override
  public void close() {
    closed = true;
  }
}
