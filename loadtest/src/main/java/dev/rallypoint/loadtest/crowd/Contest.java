package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Two devices for each id, both of which say it is theirs, again and again, through any node; now
 * and then one changes its key. Requesters ask for the ids at the same time. Every word goes into a
 * history.
 */
public final class Contest implements AutoCloseable {
  private static final int FIRST_IP = (198 << 24) | (19 << 16) | (250 << 8);
  private static final int IPS = 1_200;
  private static final int ANSWER_MILLIS = 1_500;
  private static final int LONGEST_PAUSE_MILLIS = 1_500;
  private static final int CHANGES_ONE_IN = 8;

  /** How often an owner at rest says again that it is there. */
  private static final int BEAT_MILLIS = 5_000;

  private final Nodes nodes;
  private final Requesting requesting;
  private final Answers answers;
  private final History history;
  private final AtomicLong refused = new AtomicLong();
  private final List<String> ids;
  private volatile boolean resting;
  private volatile boolean closed;

  /**
   * Begins.
   *
   * @param firstId the others follow it
   * @param count how many ids
   */
  public Contest(
      int firstId,
      int count,
      Nodes nodes,
      Requesting requesting,
      History history,
      ExecutorService threads) {
    this.nodes = nodes;
    this.requesting = requesting;
    this.answers = new Answers(nodes, threads);
    this.history = history;
    this.ids = IntStream.range(0, count).mapToObj(i -> String.valueOf(firstId + i)).toList();
    for (int i = 0; i < 2 * count; i++) {
      int number = i;
      InetAddress ip = CrowdAddresses.ip(FIRST_IP + (2 * firstId + number) % IPS);
      threads.execute(() -> fight(ids.get(number / 2), number, ip));
    }
    threads.execute(() -> ask(threads));
  }

  private void fight(String id, int number, InetAddress ip) {
    String machine = id + "-" + number % 2;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int generation = 0;
    try {
      while (!closed) {
        // A socket for each claim: the late answer to an older one must not pass for its own.
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(ip, 0))) {
          ByteString key = Device.of(id, machine + "-" + generation).key();
          int node = ThreadLocalRandom.current().nextInt(nodes.size()) + 1;
          boolean isMine = claim(socket, node, id, machine, key);
          while (isMine && resting && !closed) {
            listen(socket, id, BEAT_MILLIS, -1);
            socket.send(datagram(claimOf(id, machine, key), node));
          }
          if (isMine && random.nextInt(CHANGES_ONE_IN) == 0) {
            generation++;
          }
          listen(socket, id, random.nextInt(LONGEST_PAUSE_MILLIS), -1);
        }
      }
    } catch (IOException e) {
      if (!closed) {
        System.err.println("a contender gives up: " + e);
      }
    }
  }

  private boolean claim(DatagramSocket socket, int node, String id, String machine, ByteString key)
      throws IOException {
    int number = history.claimed(id, machine, key, System.nanoTime());
    try {
      socket.send(datagram(claimOf(id, machine, key), node));
    } catch (IOException e) {
      return false;
    }
    return listen(socket, id, ANSWER_MILLIS, number);
  }

  private DatagramPacket datagram(RendezvousMessage message, int node) {
    byte[] bytes = message.toByteArray();
    return new DatagramPacket(bytes, bytes.length, nodes.ids(node));
  }

  private static RendezvousMessage claimOf(String id, String machine, ByteString key) {
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder().setId(id).setUuid(ByteString.copyFromUtf8(machine)).setPk(key))
        .build();
  }

  /** Hears pushes; ends early by the answer to a claim. Late answers to older claims are lost. */
  private boolean listen(DatagramSocket socket, String id, int millis, int claim)
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
        answers.give(id, socket.getLocalAddress(), message);
      } else if (claim >= 0) {
        boolean isOk = message.getRegisterPkResponse().getResult() == RegisterPkResponse.Result.OK;
        if (isOk) {
          history.acknowledged(id, claim, System.nanoTime());
        } else {
          refused.incrementAndGet();
        }
        return isOk;
      }
    }
    return false;
  }

  private void ask(ExecutorService threads) {
    // An interrupted thread does not park: without this look it would spin.
    while (!closed && !Thread.currentThread().isInterrupted()) {
      String id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
      threads.execute(() -> ask(id));
      LockSupport.parkNanos(50_000_000);
    }
  }

  private void ask(String id) {
    Asked asked = requesting.ask(id, 0, Requesting.ONCE);
    if (asked.isFound() || asked.outcome() == Outcome.NO_KEY) {
      history.told(id, asked.key(), asked.begun(), asked.begun() + asked.took().toNanos());
    }
  }

  /** The ids that are fought for. */
  public List<String> ids() {
    return new ArrayList<>(ids);
  }

  /** How many claims were answered by a refusal. */
  public long refused() {
    return refused.get();
  }

  /** From now on an owner keeps what it has and only answers. */
  public void rest() {
    resting = true;
  }

  /** From now on nobody claims, answers or asks. */
  public void end() {
    closed = true;
  }

  @Override
  public void close() {
    end();
  }
}
