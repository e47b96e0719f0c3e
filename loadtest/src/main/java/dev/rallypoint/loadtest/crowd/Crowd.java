package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.RegistrationClock;
import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * Registered peers on one thread: each beats as the client does, registers its key when asked, goes
 * to the next node when its own stays unanswered, and answers whoever is sent to it.
 */
public final class Crowd implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofSeconds(3);
  private static final int MAX_DATAGRAM = 64 << 10;
  private static final Duration LONGEST_CARRYING = Duration.ofSeconds(60);
  private final int firstId;
  private final CrowdAddresses addresses;
  private final Nodes nodes;
  private final int missesBeforeNext;
  private final Answers answers;
  private final List<LightPeer> peers = new CopyOnWriteArrayList<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private final AtomicLongArray verdicts =
      new AtomicLongArray(RegisterPkResponse.Result.values().length);
  private final AtomicLong sent = new AtomicLong();
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
  private final Selector selector;
  private volatile boolean closed;

  private record Due(long at, LightPeer peer) {}

  /**
   * Peers that are not there yet.
   *
   * @param firstId the others follow it
   * @param addresses where they come from
   * @param missesBeforeNext unanswered registrations in a row after which a peer goes to the next
   *     node: 1 for a name that a balancer stands behind
   * @param threads for their answers
   */
  public Crowd(
      int firstId,
      CrowdAddresses addresses,
      Nodes nodes,
      int missesBeforeNext,
      ExecutorService threads)
      throws IOException {
    this.firstId = firstId;
    this.addresses = addresses;
    this.nodes = nodes;
    this.missesBeforeNext = missesBeforeNext;
    this.answers = new Answers(nodes, threads);
    this.selector = Selector.open();
  }

  /**
   * Opens the sockets of so many peers, evenly over the nodes; called on a thread inside the
   * crowd's network, before {@link #run}. Their first registrations are spread over a time, the
   * later ones over the interval.
   */
  public void gather(int count, Duration spread, RandomGenerator random) throws IOException {
    List<LightPeer> gathered = new ArrayList<>();
    try {
      gather(count, spread, random, gathered);
    } catch (IOException e) {
      close(gathered); // or nothing else could open a file from here on
      throw e;
    }
    peers.addAll(gathered);
  }

  private void gather(int count, Duration spread, RandomGenerator random, List<LightPeer> gathered)
      throws IOException {
    long now = System.nanoTime();
    for (int i = 0; i < count; i++) {
      InetAddress ip = CrowdAddresses.ip(addresses.at(firstId + i));
      Device device = Device.of(String.valueOf(firstId + i), "machine " + (firstId + i));
      RegistrationClock clock = new RegistrationClock(INTERVAL, RETRY, now);
      LightPeer peer = new LightPeer(device, ip, clock, i % nodes.size() + 1);
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
      gathered.add(peer);
      due.add(new Due(now + random.nextLong(Math.max(1, spread.toNanos())), peer));
    }
  }

  /**
   * Carries one in so many peers behind another ip, from where they go on; done when this comes
   * back.
   *
   * @return how many
   */
  public int carryAway(int oneIn) {
    FutureTask<Integer> order = new FutureTask<>(() -> carry(oneIn));
    orders.add(order);
    selector.wakeup();
    try {
      return order.get(LONGEST_CARRYING.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("the crowd could not be carried away: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** On the crowd's own thread, as all that touches its sockets. */
  private int carry(int oneIn) throws IOException {
    int carried = 0;
    for (int i = 0; i < peers.size(); i += oneIn) {
      LightPeer peer = peers.get(i);
      peer.carryTo(CrowdAddresses.ip(addresses.elsewhere(firstId + i)));
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
      carried++;
    }
    return carried;
  }

  /** Beats and answers until it is closed. */
  public void run() {
    while (!closed) {
      try {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
          order.run();
        }
        long now = System.nanoTime();
        Due first = due.peek();
        while (first != null && first.at() - now <= 0) {
          due.poll();
          beat(first.peer(), now);
          first = due.peek();
        }
        long wait = first == null ? 100 : TimeUnit.NANOSECONDS.toMillis(first.at() - now);
        selector.select(this::receive, Math.clamp(wait, 1, 100));
      } catch (IOException e) {
        if (!closed) {
          System.err.println("the crowd stumbles: " + e);
        }
      }
    }
  }

  /** A peer's entry may be older than its clock: an answer has come since. */
  private void beat(LightPeer peer, long now) throws IOException {
    RegistrationClock clock = peer.clock();
    if (!clock.isDue(now)) {
      due.add(new Due(now + clock.nanosUntilDue(now), peer));
      return;
    }
    clock.onSent(now);
    boolean isTired = clock.misses() >= missesBeforeNext;
    if (isTired || nodes.isUnhealthy(peer.node())) {
      peer.turnTo(nodes.after(peer.node()));
    }
    send(peer, peer.isConfirmed() ? peer.registerPeer() : peer.registerPk());
    due.add(new Due(now + clock.nanosUntilDue(now), peer));
  }

  private void send(LightPeer peer, RendezvousMessage message) {
    try {
      sent.incrementAndGet();
      peer.channel().send(ByteBuffer.wrap(message.toByteArray()), nodes.ids(peer.node()));
    } catch (IOException e) {
      // A network that is gone for a while: the next beat is the retry.
    }
  }

  private void receive(SelectionKey ready) {
    LightPeer peer = (LightPeer) ready.attachment();
    try {
      buffer.clear();
      InetSocketAddress source = (InetSocketAddress) peer.channel().receive(buffer);
      while (source != null) {
        hear(peer, source);
        buffer.clear();
        source = (InetSocketAddress) peer.channel().receive(buffer);
      }
    } catch (IOException e) {
      // Port unreachable, from a node whose process is gone.
    }
  }

  private void hear(LightPeer peer, InetSocketAddress source) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(buffer.flip());
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    long now = System.nanoTime();
    int node = nodes.at(source.getAddress());
    if (node != peer.node() && isAnswer(message)) {
      return; // a late one: the client's socket is for one server at a time
    }
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> {
        peer.clock().onResponse(now);
        if (message.getRegisterPeerResponse().getRequestPk()) {
          send(peer, peer.registerPk());
        } else {
          peer.acknowledgedBy(node, now);
        }
      }
      case REGISTER_PK_RESPONSE -> {
        peer.clock().onResponse(now);
        RegisterPkResponse.Result result = message.getRegisterPkResponse().getResult();
        verdicts.incrementAndGet(result.ordinal());
        if (result == RegisterPkResponse.Result.OK) {
          peer.confirm(true);
          peer.acknowledgedBy(node, now);
        }
      }
      default -> answers.give(peer.id(), peer.ip(), message);
    }
  }

  private static boolean isAnswer(RendezvousMessage message) {
    return message.hasRegisterPeerResponse() || message.hasRegisterPkResponse();
  }

  /** Where they come from. */
  public CrowdAddresses addresses() {
    return addresses;
  }

  /** All of them. */
  public List<LightPeer> peers() {
    return peers;
  }

  /** Those that this node acknowledged last. */
  public List<LightPeer> at(int node) {
    return peers.stream().filter(peer -> peer.home() == node).toList();
  }

  /** How many were acknowledged after a moment of {@code System.nanoTime}. */
  public long acknowledgedSince(long moment) {
    return peers.stream()
        .filter(peer -> peer.home() != 0 && peer.acknowledged() - moment >= 0)
        .count();
  }

  /** How often RegisterPk got this answer. */
  public long verdicts(RegisterPkResponse.Result result) {
    return verdicts.get(result.ordinal());
  }

  /** Registrations sent so far, of both kinds. */
  public long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    close(peers);
  }

  private static void close(List<LightPeer> peers) {
    peers.forEach(LightPeer::close);
  }
}
