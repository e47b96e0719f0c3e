package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.gatling.client.RelayFlow;
import dev.rallypoint.loadtest.gatling.client.RelaySession;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Chunks of 64 KiB through relayed sessions in turn; each run has new sessions. */
final class RelayTraffic implements Traffic {
  private static final long OPENING_SECONDS = 20;
  private static final int ATTEMPTS = 3;

  private final Clients clients;
  private final int sessions;
  private final List<List<RelayFlow>> flows = new ArrayList<>();
  private final int[] next;

  RelayTraffic(Clients clients, int sessions) {
    this.clients = clients;
    this.sessions = Math.max(sessions, clients.loops().size());
    this.next = new int[clients.loops().size()];
    clients.loops().forEach(loop -> flows.add(new ArrayList<>()));
  }

  @Override
  public void begin() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(sessions);
    AtomicReference<String> failed = new AtomicReference<>("");
    for (int i = 0; i < sessions; i++) {
      int number = i;
      int place = i % next.length;
      clients.loops().get(place).execute(() -> open(number, place, 1, left, failed));
    }
    boolean isDone = left.await(OPENING_SECONDS, TimeUnit.SECONDS);
    if (!isDone || !failed.get().isEmpty()) {
      throw new EnvironmentException(
          "cannot open %d relayed sessions: %s"
              .formatted(sessions, failed.get().isEmpty() ? "too slow" : failed.get()));
    }
  }

  private void open(
      int number, int place, int attempt, CountDownLatch left, AtomicReference<String> failed) {
    RelaySession.openBoth(
        clients.user(place, number),
        clients.settings().server(number),
        Way.TCP,
        clients.settings().timeout(),
        new RelaySession.Opening() {
          @Override
          public void paired(RelaySession session) {
            flows.get(place).add(new RelayFlow(session));
            left.countDown();
          }

          @Override
          public void failed(Failure failure) {
            if (attempt < ATTEMPTS) {
              open(number, place, attempt + 1, left, failed);
            } else {
              failed.set(failure.text());
              left.countDown();
            }
          }
        });
  }

  @Override
  public void send(int place, long due, StepRecord counts) {
    List<RelayFlow> own = flows.get(place);
    own.get(next[place]++ % own.size())
        .offer(
            new RelayFlow.Chunk() {
              @Override
              public void arrived() {
                counts.ok(due);
              }

              @Override
              public void lost(Failure failure) {
                counts.ko(due, failure.text());
              }
            });
  }

  @Override
  public void end() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(next.length);
    for (int place = 0; place < next.length; place++) {
      List<RelayFlow> own = flows.get(place);
      next[place] = 0;
      clients
          .loops()
          .get(place)
          .execute(() -> {
            own.forEach(RelayFlow::close);
            own.clear();
            left.countDown();
          });
    }
    if (!left.await(OPENING_SECONDS, TimeUnit.SECONDS)) {
      throw new EnvironmentException("the relayed sessions do not end");
    }
  }

  @Override
  public void close() {
    // each run has closed its sessions
  }
}
