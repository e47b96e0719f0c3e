package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.load.FixedRate;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What an attack needs: the node, its source addresses, its end, and where it counts. */
public final class AttackContext {
  private static final int ATTACKERS = (127 << 24) | (66 << 16) + 1;
  private static final int VICTIMS = (127 << 24) | (77 << 16) + 1;
  private static final int REQUESTERS = (127 << 24) | (88 << 16) + 1;

  private final AttackedNode node;
  private final PunchRequester requester;
  private final ExecutorService threads;
  private final int addresses;
  private final long begun;
  private final long end;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger requesters = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder victimDatagrams = new LongAdder();
  private final LongAdder victimBytes = new LongAdder();

  /** Holds nothing that the attack has let go: it connects thousands of times a second. */
  private final Set<AutoCloseable> open =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();

  /**
   * The context of an attack that begins now.
   *
   * @param addresses from how many source addresses it sends
   * @param time how long it lasts
   */
  public AttackContext(
      AttackedNode node,
      PunchRequester requester,
      ExecutorService threads,
      int addresses,
      Duration time) {
    this.node = node;
    this.requester = requester;
    this.threads = threads;
    this.addresses = addresses;
    this.begun = System.nanoTime();
    this.end = begun + time.toNanos();
  }

  /** The attacked node. */
  public AttackedNode node() {
    return node;
  }

  /** An honest requester. */
  public PunchRequester requester() {
    return requester;
  }

  /** Threads for the attack. */
  public ExecutorService threads() {
    return threads;
  }

  /** Whether the attack must end. */
  public boolean isOver() {
    return System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted();
  }

  /** Whether the attack has lasted longer than this. */
  public boolean isOlderThan(Duration time) {
    return System.nanoTime() - begun > time.toNanos();
  }

  /** Does something so many times a second until the attack must end. */
  public void repeat(double perSecond, Runnable action) {
    FixedRate.run(FixedRate.period(perSecond), this::isOver, action);
  }

  /** Waits for some time, or until the attack must end. */
  public void pause(Duration time) {
    long wait = Math.min(time.toNanos(), end - System.nanoTime());
    if (wait > 0) {
      LockSupport.parkNanos(wait);
    }
  }

  /** From how many source addresses the attacker sends. */
  public int addresses() {
    return addresses;
  }

  /** The source addresses of the attacker in turn. */
  public InetAddress nextAddress() {
    return attacker(Math.floorMod(turn.getAndIncrement(), addresses));
  }

  /** The source address of the attacker with this number, from 0. */
  public InetAddress attacker(int number) {
    return SourceAddresses.address(ATTACKERS + number);
  }

  /** The address of the victim with this number, from 0. */
  public InetAddress victim(int number) {
    return SourceAddresses.address(VICTIMS + number);
  }

  /** An address for a requester that no other one has. */
  public InetAddress nextRequester() {
    return SourceAddresses.address(REQUESTERS + requesters.getAndIncrement());
  }

  /**
   * Connects from the next source address of the attacker. The connection is closed at the end of
   * the attack at the latest, also under a thread that waits to write to it.
   */
  public TcpFrameConnection connect(InetSocketAddress to) throws IOException {
    TcpFrameConnection connection = SourceAddresses.connect(nextAddress(), to);
    closing(connection);
    return connection;
  }

  /**
   * Has something closed at the end of the attack, or at once when that has come. What is
   * unreachable by then is not closed.
   */
  public void closing(AutoCloseable connection) {
    open.add(connection);
    if (isOver()) {
      close();
    }
  }

  /** Closes what the attack has left open. */
  public void close() {
    List<AutoCloseable> left;
    synchronized (open) {
      left = List.copyOf(open);
      open.clear();
    }
    for (AutoCloseable connection : left) {
      try {
        connection.close();
      } catch (Exception e) {
        // Not used any more.
      }
    }
  }

  /** Counts what the attacker has sent. */
  public void onSent(long count) {
    sent.add(count);
  }

  /** Counts a datagram that the victim got. */
  public void onVictimReceived(int bytes) {
    victimDatagrams.increment();
    victimBytes.add(bytes);
  }

  /** Reports whether a rule held. */
  public void check(String rule, boolean held, Object observed) {
    findings.add(new Finding(rule, held, String.valueOf(observed)));
  }

  /** Reports what the attacker observed, without a verdict. */
  public void note(String observed) {
    notes.add(observed);
  }

  /** What the attacker has observed. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** What the attacker has sent so far. */
  public long sent() {
    return sent.sum();
  }

  /** What the victim has got so far. */
  public RunFigures.Received victim() {
    return new RunFigures.Received(victimDatagrams.sum(), victimBytes.sum());
  }

  /** The rules that the attack has reported. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }
}
