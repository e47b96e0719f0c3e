package dev.rallypoint.loadtest.load;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Sends punch hole requests for random targets at a steady rate, with the waits of the real client.
 * Every request that began is in the result, also one that threw an exception or never ended.
 */
public final class PunchLoad implements AutoCloseable {
  private static final int MAX_RUNNING = 2_000;

  /** A client gives up after 18 s. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Request request;
  private final Supplier<List<RegisteredPeer>> targets;
  private final ExecutorService threads;
  private final PendingResults<PunchResult> results = new PendingResults<>();

  /** Sends one punch hole request. */
  @FunctionalInterface
  interface Request {
    /**
     * Sends the request and waits for the answer.
     *
     * @param home the node that acknowledged the target last
     */
    PunchResult send(String target, int home);
  }

  /**
   * Begins to send.
   *
   * @param targets the peers to choose from, asked for each request
   * @param perSecond the rate
   * @param threads in the network of the clients
   */
  public PunchLoad(
      PunchRequester requester,
      Supplier<List<RegisteredPeer>> targets,
      double perSecond,
      ExecutorService threads) {
    this(
        (target, home) -> requester.request(target, home, PunchRequester.CLIENT_WAITS),
        targets,
        perSecond,
        threads);
  }

  PunchLoad(
      Request request,
      Supplier<List<RegisteredPeer>> targets,
      double perSecond,
      ExecutorService threads) {
    this.request = request;
    this.targets = targets;
    this.threads = threads;
    Duration period = FixedRate.period(perSecond);
    threads.execute(() -> FixedRate.run(period, results::isClosed, this::begin));
  }

  private void begin() {
    List<RegisteredPeer> all = targets.get();
    if (all.isEmpty()) {
      return;
    }
    RegisteredPeer peer = all.get(ThreadLocalRandom.current().nextInt(all.size()));
    String target = peer.id();
    int home = peer.home();
    long begun = System.nanoTime();
    if (results.running() >= MAX_RUNNING) {
      results.add(PunchResult.unfinished(target, home, begun, "too many requests are running"));
      return;
    }
    OptionalLong number =
        results.begin(() -> PunchResult.unfinished(target, home, begun, "never ended"));
    if (number.isPresent()) {
      threads.execute(() -> results.end(number.getAsLong(), send(target, home, begun)));
    }
  }

  private PunchResult send(String target, int home, long begun) {
    try {
      return request.send(target, home);
    } catch (RuntimeException e) {
      return PunchResult.unfinished(target, home, begun, e.toString());
    }
  }

  /** The requests that have ended so far. */
  public List<PunchResult> results() {
    return results.ended();
  }

  /** Sends no more requests, waits for those that run, and counts those that do not end. */
  public List<PunchResult> finish() {
    return finish(LAST_ANSWERS);
  }

  List<PunchResult> finish(Duration limit) {
    return results.finish(limit);
  }

  @Override
  public void close() {
    results.close();
  }
}
