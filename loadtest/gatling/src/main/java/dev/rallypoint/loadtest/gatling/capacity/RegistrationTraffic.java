package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.client.Identity;
import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.concurrent.atomic.AtomicLong;

/** New ids, each registered once by a device with a UDP socket of its own. */
final class RegistrationTraffic implements Traffic {
  private final Clients clients;
  private final String prefix;
  private final AtomicLong next = new AtomicLong();

  /**
   * Registrations that can begin.
   *
   * @param prefix ids begin with it; other than in earlier runs against the server
   */
  RegistrationTraffic(Clients clients, String prefix) {
    this.clients = clients;
    this.prefix = prefix;
  }

  @Override
  public void begin() {
    // each request opens what it needs
  }

  @Override
  public void send(int place, long due, StepRecord counts) {
    long number = next.getAndIncrement();
    VirtualUser user = clients.user(place, number);
    user.becomePeer(Identity.of(prefix + number), Way.UDP, number)
        .register(
            clients.settings().timeout(),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                Result verdict = answer.getRegisterPkResponse().getResult();
                if (verdict == Result.OK) {
                  counts.ok(due);
                } else {
                  counts.ko(due, Peer.failure(verdict).text());
                }
                user.close();
              }

              @Override
              public void failed(Failure failure) {
                counts.ko(due, failure.text());
                user.close();
              }
            });
  }

  @Override
  public void end() {
    // each has an answer or a failure
  }

  @Override
  public void close() {
    // nothing stays open
  }
}
