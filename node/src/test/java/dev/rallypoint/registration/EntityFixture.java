package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.config.access.Enrolment;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerCommand.Heartbeat;
import dev.rallypoint.registration.PeerCommand.HeartbeatAnswer;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** The entity of one id, and around it a store, homes and a clock that a test controls. */
final class EntityFixture {
  static final PeerId ID = new PeerId("123456789");
  static final ByteString UUID = ByteString.copyFromUtf8("a machine");
  static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  static final ByteString OTHER_KEY = ByteString.copyFromUtf8("another key of 32 bytes, exactly");
  static final PeerAddress HERE = PeerAddress.v4(0xCB007107, 50_000);
  static final PeerAddress ELSEWHERE = PeerAddress.v4(0xC6336414, 40_000);
  static final PeerRow ROW = new PeerRow(ID, UUID, KEY, HERE.ip());

  /** Eight provisional ids, two of one host. */
  static final NewIdLimits NEW_IDS =
      new NewIdLimits(20, 1_000, 50_000, 8, Duration.ofDays(7), Enrolment.OPEN);

  final MemoryPeerStore store = new MemoryPeerStore();
  final FakeHomes homes = new FakeHomes();
  final AtomicLong millis = new AtomicLong();
  final Counters counters = new Counters();
  final ProvisionalIds provisional = new ProvisionalIds(NEW_IDS, 0, counters);
  final Queue<String> passivated = new ConcurrentLinkedQueue<>();
  final EntityPassivation passivation =
      new EntityPassivation(entity -> passivated.add(entity.getSelf().path().name()));
  final ActorRef<Push> writer;

  /** Takes all answers, so that their order shows which of two messages was not answered. */
  final TestProbe<Object> answers;

  private final ActorTestKit kit;

  EntityFixture(ActorTestKit kit) {
    this.kit = kit;
    this.writer = writer();
    this.answers = kit.createTestProbe(Object.class);
  }

  ActorRef<Push> writer() {
    return kit.createTestProbe(Push.class).getRef();
  }

  /** A home of the peer on node 1. */
  Home home(PeerAddress address) {
    return new Home(address, writer, 1, false);
  }

  RegistrationContext context() {
    RegistrationLimits limits =
        new RegistrationLimits(1_000, 1_000, NEW_IDS, 3, Duration.ofSeconds(6), List.of());
    return new RegistrationContext(
        store,
        limits,
        homes,
        provisional,
        new RegistrationEntities.Live(),
        passivation,
        new LogRateLimit(0),
        () -> TimeUnit.MILLISECONDS.toNanos(millis.get()));
  }

  ActorRef<PeerCommand> entity() {
    return entity(ID);
  }

  ActorRef<PeerCommand> entity(PeerId id) {
    return kit.spawn(PeerRegistration.create(id, context()));
  }

  /** The entity of a stored id. */
  ActorRef<PeerCommand> storedEntity() {
    store.rows.put(ID, ROW);
    return entity();
  }

  /** The entity of a stored id whose peer is registered at its stored ip, on node 1. */
  ActorRef<PeerCommand> registeredEntity() {
    ActorRef<PeerCommand> entity = storedEntity();
    heartbeat(entity, home(HERE), 0);
    return entity;
  }

  HeartbeatAnswer heartbeat(ActorRef<PeerCommand> entity, Home home, long leaseEpoch) {
    return ask(entity, new Contact(home, leaseEpoch), false);
  }

  HeartbeatAnswer renew(ActorRef<PeerCommand> entity, Home home, long leaseEpoch) {
    return ask(entity, new Contact(home, leaseEpoch), true);
  }

  private HeartbeatAnswer ask(ActorRef<PeerCommand> entity, Contact contact, boolean isRenewal) {
    entity.tell(new Heartbeat(contact, isRenewal, answers.getRef().narrow()));
    return answers.expectMessageClass(HeartbeatAnswer.class);
  }

  /** A RegisterPk that may create the id. */
  Register register(ByteString uuid, ByteString key, PeerAddress from) {
    return new Register(uuid, key, true, false, at(from), answers.getRef().narrow());
  }

  RegisterAnswer register(ActorRef<PeerCommand> entity, ByteString key, PeerAddress from) {
    entity.tell(register(UUID, key, from));
    return answers.expectMessageClass(RegisterAnswer.class);
  }

  /** A RegisterPk whose node asks again when it does not know the peer's present home. */
  RegisterAnswer registerAgain(ActorRef<PeerCommand> entity, ByteString key, PeerAddress from) {
    RegisterAnswer first = register(entity, key, from);
    if (!first.isOutdated()) {
      return first;
    }
    Contact again = new Contact(home(from), first.epoch());
    entity.tell(new Register(UUID, key, true, false, again, answers.getRef().narrow()));
    return answers.expectMessageClass(RegisterAnswer.class);
  }

  Contact at(PeerAddress from) {
    return new Contact(home(from), 0);
  }

  Location locate(ActorRef<PeerCommand> entity) {
    entity.tell(new Locate(answers.getRef().narrow()));
    return answers.expectMessageClass(Location.class);
  }
}
