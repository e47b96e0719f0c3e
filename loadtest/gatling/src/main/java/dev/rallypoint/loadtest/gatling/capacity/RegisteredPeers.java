package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.gatling.client.Identity;
import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Peers that are registered over UDP before something is measured. */
final class RegisteredPeers implements AutoCloseable {
  private static final int AT_ONCE = 20;
  private static final int ATTEMPTS = 3;
  private static final long MOST_SECONDS = 120;

  private final Clients clients;
  private final List<VirtualUser> users = new ArrayList<>();
  private final List<Identity> identities = new ArrayList<>();
  private final CountDownLatch left;
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private final int[] next;

  private RegisteredPeers(Clients clients, String prefix, int count) {
    this.clients = clients;
    this.left = new CountDownLatch(count);
    this.next = new int[clients.loops().size()];
    for (int i = 0; i < count; i++) {
      users.add(clients.user(i % next.length, i));
      identities.add(Identity.of(prefix + i));
    }
  }

  /**
   * Registers peers, some at once.
   *
   * @throws EnvironmentException when one of them is refused or not answered several times
   */
  static RegisteredPeers register(Clients clients, String prefix, int count)
      throws InterruptedException {
    RegisteredPeers peers = new RegisteredPeers(clients, prefix, count);
    for (int place = 0; place < peers.next.length; place++) {
      int loop = place;
      peers.next[place] = place;
      clients
          .loops()
          .get(place)
          .execute(() -> {
            for (int i = 0; i < AT_ONCE; i++) {
              peers.registerNext(loop);
            }
          });
    }
    boolean isDone = peers.left.await(MOST_SECONDS, TimeUnit.SECONDS);
    String why = peers.failure.get();
    if (!isDone || !why.isEmpty()) {
      peers.close();
      throw new EnvironmentException(
          "cannot register %d peers: %s".formatted(count, why.isEmpty() ? "too slow" : why));
    }
    return peers;
  }

  private void registerNext(int place) {
    int number = next[place];
    if (number < users.size()) {
      next[place] = number + next.length;
      register(place, number, 1);
    }
  }

  private void register(int place, int number, int attempt) {
    users
        .get(number)
        .becomePeer(identities.get(number), Way.UDP, number)
        .register(
            clients.settings().timeout(),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                Result verdict = answer.getRegisterPkResponse().getResult();
                if (verdict == Result.OK) {
                  done(place);
                } else {
                  failed(Peer.failure(verdict));
                }
              }

              @Override
              public void failed(Failure why) {
                if (attempt < ATTEMPTS) {
                  register(place, number, attempt + 1);
                } else {
                  failure.set(why.text());
                  done(place);
                }
              }
            });
  }

  private void done(int place) {
    left.countDown();
    registerNext(place);
  }

  List<VirtualUser> users() {
    return users;
  }

  String id(int number) {
    return identities.get(number).id();
  }

  /** Which of the loops a peer is on. */
  int place(int number) {
    return number % next.length;
  }

  @Override
  public void close() {
    users.forEach(VirtualUser::close);
  }
}
