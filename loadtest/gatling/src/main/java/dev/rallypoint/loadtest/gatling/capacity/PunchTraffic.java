package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.client.KeyCheck;
import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.client.Punch;
import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Punches from new requesters to registered peers, which stay online by heartbeats and answer over
 * a new connection each time.
 */
final class PunchTraffic implements Traffic {
  private static final long BEAT_SECONDS = 12;

  private static final AnswerListener IGNORED =
      new AnswerListener() {
        @Override
        public void answered(RendezvousMessage answer) {}

        @Override
        public void failed(Failure failure) {}
      };

  private final Clients clients;
  private final RegisteredPeers targets;
  private final AtomicLong next = new AtomicLong();
  private final List<Future<?>> beats = new ArrayList<>();

  PunchTraffic(Clients clients, String prefix, int count) throws InterruptedException {
    this.clients = clients;
    this.targets = RegisteredPeers.register(clients, prefix, count);
    for (int i = 0; i < count; i++) {
      int number = i;
      beats.add(
          clients
              .loops()
              .get(targets.place(i))
              .scheduleAtFixedRate(
                  () -> beat(number),
                  BEAT_SECONDS * 1000 * i / count,
                  BEAT_SECONDS * 1000,
                  TimeUnit.MILLISECONDS));
    }
  }

  private void beat(int number) {
    Peer peer = targets.users().get(number).peer();
    if (peer != null) {
      peer.beat(clients.settings().timeout(), IGNORED);
    }
  }

  @Override
  public void begin() {
    // the targets are registered
  }

  @Override
  public void send(int place, long due, StepRecord counts) {
    long number = next.getAndIncrement();
    new Punch(
            targets.id((int) (number % targets.users().size())),
            number,
            Way.TCP,
            false,
            false,
            "",
            List.of(clients.settings().timeout()),
            KeyCheck.SIGNATURE)
        .run(
            clients.user(place, targets.users().size() + number),
            new Punch.Listener() {
              @Override
              public void answered(PunchAnswer kind, RendezvousMessage answer) {
                if (kind.isWay()) {
                  counts.ok(due);
                } else {
                  counts.ko(due, kind.reason().text());
                }
              }

              @Override
              public void failed(Failure failure) {
                counts.ko(due, failure.text());
              }
            });
  }

  @Override
  public void end() {
    // each has an answer or a failure
  }

  @Override
  public void close() {
    beats.forEach(beat -> beat.cancel(false));
    targets.close();
  }
}
