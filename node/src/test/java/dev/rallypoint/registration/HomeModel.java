package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.limit.RenewalPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseBook.Coverage;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One peer, its entity and two nodes, in one thread. The rules are the real ones: {@link PeerState}
 * and {@link LeaseBook}. A seed decides what happens next, and which of the messages under way
 * comes next.
 */
final class HomeModel {
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);
  private static final long OFFLINE_AFTER = 30_000;
  private static final long RENEW_AFTER = 300_000;
  private static final int NODES = 2;
  private static final long[] TICKS = {1, 1_000, 15_000, OFFLINE_AFTER + 1, RENEW_AFTER + 1};
  private static final List<ActorRef<Push>> WRITERS =
      List.of(TestInbox.<Push>create("one").getRef(), TestInbox.<Push>create("two").getRef());

  private final Random random;
  private final List<LeaseBook> books =
      List.of(
          new LeaseBook(OFFLINE_AFTER, RenewalPace.after(RENEW_AFTER)),
          new LeaseBook(OFFLINE_AFTER, RenewalPace.after(RENEW_AFTER)));
  private final List<Message> underWay = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private PeerState entity = fresh();
  private long now;
  private int node;
  private int port;

  /** Milliseconds that an answer is awaited. */
  private static final long AWAITED = 25_000;

  /** A message to a node or to the entity; an answer says when its question was asked. */
  private record Message(String name, @Nullable Long askedAt, Runnable effect) {
    boolean isAnswer() {
      return askedAt != null;
    }

    boolean isTooLate(long now) {
      return askedAt != null && now - askedAt > AWAITED;
    }
  }

  HomeModel(long seed) {
    random = new Random(seed);
  }

  private static PeerState fresh() {
    return PeerState.EMPTY.with(Optional.of(new PeerRow(ID, KEY, KEY, ADDRESS.ip())));
  }

  void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> beat();
      case 3 -> say("tick", () -> now += TICKS[random.nextInt(TICKS.length)]);
      case 4 -> sweep(random.nextInt(NODES));
      case 5 -> say("new port", () -> port = random.nextInt(3));
      case 6 -> say("other node", () -> node = random.nextInt(NODES));
      case 7 -> heartbeat(random.nextInt(NODES), 9); // a neighbour of the peer
      case 8 -> endEntity();
      default -> deliverOne();
    }
  }

  /** Delivers all that is under way. */
  void settle() {
    while (!underWay.isEmpty()) {
      deliverOne();
    }
  }

  /** The peer's next heartbeats, until one is acknowledged: whether the peer is then reached. */
  boolean isReachedOnceAcknowledged() {
    for (int beats = 0; beats < 5; beats++) {
      boolean isCovered = beat();
      if (isCovered && !isReached()) {
        return false;
      }
      settle();
      if (books
          .get(node)
          .find(ID, now)
          .filter(l -> l.home().equals(home(node, port)))
          .isPresent()) {
        return isReached();
      }
    }
    return false;
  }

  private boolean isReached() {
    if (entity.needsQuery(now)) {
      learn();
    }
    return home(node, port).equals(entity.home());
  }

  private boolean beat() {
    return heartbeat(node, port);
  }

  private boolean heartbeat(int at, int from) {
    Home home = home(at, from);
    LeaseBook book = books.get(at);
    Coverage coverage = book.heartbeat(ID, home.address(), home.writer(), now);
    history.add("beat " + at + "/" + from + (coverage.isCovered() ? " covered" : ""));
    if (!coverage.isCovered()) {
      Contact contact = new Contact(home, book.epochOf(ID));
      long heardAt = now;
      send("heartbeat " + contact.leaseEpoch(), () -> onHeartbeat(contact, at, heardAt));
    } else if (coverage.due() != null) {
      Contact contact = new Contact(coverage.due().home(), coverage.due().epoch());
      long askedAt = now;
      send("renewal " + contact.leaseEpoch(), () -> onRenewal(contact, at, askedAt));
    }
    return coverage.isCovered();
  }

  private void sweep(int at) {
    books
        .get(at)
        .removeSilent(now, 10)
        .forEach(lapse -> {
          Lease lease = lapse.lease();
          send("lapsed", () -> entity = entity.lapse(lease.home(), lease.epoch()));
        });
  }

  /** The entity starts elsewhere. What it answered has come by then, or is lost. */
  private void endEntity() {
    underWay.removeIf(Message::isAnswer);
    say("entity ends", () -> entity = fresh());
  }

  private void onHeartbeat(Contact contact, int at, long heardAt) {
    if (!entity.requiresKey(contact.home()) && entity.needsQuery(now)) {
      learn();
    }
    if (!entity.requiresKey(contact.home())) {
      grant(contact, at, heardAt);
    } else if (contact.home().address().port() != ADDRESS.port() + 9) {
      // The peer answers with its key; a neighbour has none.
      answer(
          "key",
          heardAt,
          () -> {
            long receivedAt = now;
            send("register", () -> onRegister(contact, at, receivedAt));
          });
    }
  }

  private void onRegister(Contact contact, int at, long receivedAt) {
    if (entity.needsQuery(now)) {
      learn();
    }
    long unknown = entity.epochUnknownTo(contact);
    if (entity.keepsHome(contact.home(), Change.NONE)) {
      throw new AssertionError("refused a peer that proves itself");
    } else if (unknown == 0) {
      grant(contact, at, receivedAt);
    } else if (now - receivedAt < 3_000) {
      Contact again = new Contact(contact.home(), unknown);
      answer(
          "outdated", receivedAt, () -> send("register", () -> onRegister(again, at, receivedAt)));
    }
  }

  private void grant(Contact contact, int at, long heardAt) {
    apply(entity.register(contact, now));
    Lease lease = new Lease(contact.home(), entity.epoch(), KEY);
    answer("granted " + lease.epoch(), heardAt, () -> books.get(at).grant(ID, lease, heardAt, now));
  }

  private void onRenewal(Contact contact, int at, long askedAt) {
    if (entity.needsQuery(now)) {
      learn();
    }
    apply(entity.renew(contact, now));
    long epoch = contact.leaseEpoch();
    if (!entity.isRenewed(contact)) {
      answer("superseded", askedAt, () -> books.get(at).end(ID, epoch));
      return;
    }
    answer("renewed", askedAt, () -> books.get(at).confirm(ID, epoch, epoch, now));
  }

  private void learn() {
    entity = entity.queried(true, now);
    books.stream()
        .flatMap(book -> book.find(ID, now).stream())
        .sorted(Comparator.comparingLong(Lease::epoch).reversed())
        .forEach(lease -> apply(entity.announce(lease.home(), lease.epoch(), now)));
  }

  private void apply(Move move) {
    entity = move.next();
    if (move.displaced() != null) {
      int at = Math.toIntExact(move.displaced().node());
      long epoch = entity.epoch();
      send("revoked " + epoch, () -> books.get(at).revoke(ID, epoch));
    }
  }

  private void deliverOne() {
    if (!underWay.isEmpty()) {
      Message next = underWay.remove(random.nextInt(underWay.size()));
      history.add(next.name);
      if (!next.isTooLate(now)) {
        next.effect.run();
      }
    }
  }

  private void say(String what, Runnable effect) {
    effect.run();
    history.add(what);
  }

  private void send(String name, Runnable effect) {
    underWay.add(new Message(name, null, effect));
  }

  private void answer(String name, long askedAt, Runnable effect) {
    underWay.add(new Message(name, askedAt, effect));
  }

  private static Home home(int node, int port) {
    return new Home(ADDRESS.withPort(ADDRESS.port() + port), WRITERS.get(node), node, false);
  }

  @Override
  public String toString() {
    return String.join(
        "; ", Stream.concat(history.stream(), Stream.of(entity.toString())).toList());
  }
}
