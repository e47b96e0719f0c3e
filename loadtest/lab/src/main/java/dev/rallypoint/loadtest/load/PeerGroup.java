package dev.rallypoint.loadtest.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.peer.registration.RegistrationSchedule;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * A group of registered peers that one thread simulates. Each peer sends heartbeats as the client
 * does, registers its key on request, changes to the next node when its node does not answer, and
 * answers pushes.
 */
public final class PeerGroup implements AutoCloseable {
  /** The time between two heartbeats of a real client. */
  public static final Duration CLIENT_INTERVAL = Duration.ofSeconds(15);

  private static final Duration RETRY = Duration.ofSeconds(3);
  private static final int MAX_DATAGRAM = 64 << 10;
  private static final Duration ADDRESS_CHANGE_LIMIT = Duration.ofSeconds(60);
  private final int firstId;
  private final SourceAddresses addresses;
  private final NodeBalancer nodes;
  private final int missesBeforeNext;
  private final Duration interval;
  private final PushResponder responder;
  private final List<RegisteredPeer> peers = new CopyOnWriteArrayList<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private final RegistrationCounts counts = new RegistrationCounts();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
  private final Selector selector;
  private volatile boolean closed;

  /** A peer and when its next registration is due. */
  private record Due(long at, RegisteredPeer peer) {}

  /**
   * An empty group.
   *
   * @param firstId the first id; the others follow it
   * @param addresses the source addresses
   * @param missesBeforeNext after how many unanswered registrations in a row a peer changes to the
   *     next node: 1 for clients behind a load balancer
   * @param interval the time between two heartbeats of a peer
   * @param threads for the answers to pushes
   */
  public PeerGroup(
      int firstId,
      SourceAddresses addresses,
      NodeBalancer nodes,
      int missesBeforeNext,
      Duration interval,
      ExecutorService threads)
      throws IOException {
    this.firstId = firstId;
    this.addresses = addresses;
    this.nodes = nodes;
    this.missesBeforeNext = missesBeforeNext;
    this.interval = interval;
    this.responder = new PushResponder(nodes, threads);
    this.selector = Selector.open();
  }

  /**
   * Adds peers, spread evenly over the nodes; called on a thread in the network of the clients,
   * before {@link #run}.
   *
   * @param spread the time over which the first registrations are spread
   */
  public void addPeers(int count, Duration spread, RandomGenerator random) throws IOException {
    List<RegisteredPeer> added = new ArrayList<>();
    try {
      addPeers(count, spread, random, added);
    } catch (IOException e) {
      close(added); // otherwise no file descriptors may be left for the process
      throw e;
    }
    peers.addAll(added);
  }

  private void addPeers(
      int count, Duration spread, RandomGenerator random, List<RegisteredPeer> added)
      throws IOException {
    long now = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int id = firstId + i;
      RegisteredPeer peer =
          new RegisteredPeer(
              String.valueOf(id),
              Device.create(new SplittableRandom(id)),
              SourceAddresses.address(addresses.first(id)),
              new RegistrationSchedule(interval, RETRY, now),
              i % nodes.size() + 1);
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
      added.add(peer);
      due.add(new Due(now + random.nextLong(Math.max(1, spread.toNanos())), peer));
    }
  }

  /**
   * Changes the source address of some peers and waits until that is done.
   *
   * @param oneIn every how many-th peer gets another address
   * @return how many peers got another address
   */
  public int changeAddresses(int oneIn) {
    FutureTask<Integer> task = new FutureTask<>(() -> changeAddressesNow(oneIn));
    tasks.add(task);
    selector.wakeup();
    try {
      return task.get(ADDRESS_CHANGE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new EnvironmentException("the source addresses did not change: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }

  /** Runs on the thread of the group, the only one that uses its sockets. */
  private int changeAddressesNow(int oneIn) throws IOException {
    int changed = 0;
    for (int i = 0; i < peers.size(); i += oneIn) {
      RegisteredPeer peer = peers.get(i);
      peer.changeAddress(SourceAddresses.address(addresses.second(firstId + i)));
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
      changed++;
    }
    return changed;
  }

  /** Sends heartbeats and answers pushes until the group is closed. */
  public void run() {
    while (!closed) {
      try {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        long now = System.nanoTime();
        Due first = due.peek();
        while (first != null && first.at() - now <= 0) {
          due.poll();
          register(first.peer(), now);
          first = due.peek();
        }
        long wait = first == null ? 100 : TimeUnit.NANOSECONDS.toMillis(first.at() - now);
        selector.select(this::receive, Math.clamp(wait, 1, 100));
      } catch (IOException e) {
        if (!closed) {
          System.err.println("the peer group got an error: " + e);
        }
      }
    }
  }

  /** Sends the next registration, unless an answer has moved it to a later time. */
  private void register(RegisteredPeer peer, long now) throws IOException {
    RegistrationSchedule schedule = peer.schedule();
    if (!schedule.isDue(now)) {
      due.add(new Due(now + schedule.nanosUntilDue(now), peer));
      return;
    }
    schedule.onSent(now);
    counts.onSent(schedule.misses() > 0);
    peer.onSent(now);
    boolean isUnanswered = schedule.misses() >= missesBeforeNext;
    if (isUnanswered || nodes.isUnhealthy(peer.node())) {
      peer.setNode(nodes.after(peer.node()));
    }
    send(peer, peer.registration());
    due.add(new Due(now + schedule.nanosUntilDue(now), peer));
  }

  private void send(RegisteredPeer peer, RendezvousMessage message) {
    try {
      peer.channel().send(ByteBuffer.wrap(message.toByteArray()), nodes.idServer(peer.node()));
    } catch (IOException e) {
      // The network may be down for a while: the next heartbeat is the retry.
    }
  }

  private void receive(SelectionKey ready) {
    RegisteredPeer peer = (RegisteredPeer) ready.attachment();
    try {
      buffer.clear();
      InetSocketAddress source = (InetSocketAddress) peer.channel().receive(buffer);
      while (source != null) {
        onDatagram(peer, source);
        buffer.clear();
        source = (InetSocketAddress) peer.channel().receive(buffer);
      }
    } catch (IOException e) {
      // Port unreachable: the process of the node has ended.
    }
  }

  private void onDatagram(RegisteredPeer peer, InetSocketAddress source) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(buffer.flip());
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    long now = System.nanoTime();
    int node = nodes.numberOf(source.getAddress());
    if (node != peer.node() && isAnswer(message)) {
      return; // late: a client uses its socket for one server at a time
    }
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> {
        peer.schedule().onResponse(now);
        counts.onHeartbeatAnswered(now - peer.sentAt());
        if (message.getRegisterPeerResponse().getRequestPk()) {
          send(peer, peer.registerPk());
        } else {
          peer.onAcknowledged(node, now);
        }
      }
      case REGISTER_PK_RESPONSE -> {
        peer.schedule().onResponse(now);
        RegisterPkResponse.Result result = message.getRegisterPkResponse().getResult();
        counts.onResult(result);
        if (result == RegisterPkResponse.Result.OK) {
          peer.onKeyAccepted();
          peer.onAcknowledged(node, now);
        }
      }
      default -> responder.respond(peer.id(), peer.address(), message);
    }
  }

  private static boolean isAnswer(RendezvousMessage message) {
    return message.hasRegisterPeerResponse() || message.hasRegisterPkResponse();
  }

  /** The source addresses. */
  public SourceAddresses addresses() {
    return addresses;
  }

  /** All peers of the group. */
  public List<RegisteredPeer> peers() {
    return peers;
  }

  /** The peers whose last registration this node acknowledged. */
  public List<RegisteredPeer> homedAt(int node) {
    return peers.stream().filter(peer -> peer.home() == node).toList();
  }

  /** How many peers were acknowledged after a moment of {@code System.nanoTime}. */
  public long acknowledgedSince(long moment) {
    return peers.stream()
        .filter(peer -> peer.home() != 0 && peer.acknowledgedAt() - moment >= 0)
        .count();
  }

  /** Counts what the peers sent and received. */
  public RegistrationCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    close(peers);
  }

  private static void close(List<RegisteredPeer> peers) {
    peers.forEach(RegisteredPeer::close);
  }
}
