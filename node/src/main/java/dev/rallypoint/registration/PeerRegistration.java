package dev.rallypoint.registration;

import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.limit.RegisterPkBurst;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.HeartbeatAnswer;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerCommand.Renamed;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * The sharded entity of one id: it knows the id's row in the database and where the peer is
 * registered. It reads the row when it starts, then answers from memory, and passivates when the
 * peer is not registered and nobody has asked for a while. {@link PeerState} has the rules.
 */
final class PeerRegistration extends StashingAwait.Entity implements PeerRowChanges.Entity {
  /** Its type name in the cluster; the entity id is the peer's id. */
  static final EntityTypeKey<PeerCommand> KEY =
      EntityTypeKey.create(PeerCommand.class, "PeerRegistration");

  // There is one of it for each registered peer: what is not needed at rest is made anew.
  private final PeerId id;
  private final RegistrationContext context;
  private @Nullable PeerRowChanges row; // while an answer is awaited or the row is provisional
  private PeerState state = PeerState.EMPTY;
  private RegisterPkBurst burst = RegisterPkBurst.NONE;
  private @Nullable Duration idleTimeout;

  private PeerRegistration(
      ActorContext<PeerCommand> actor, PeerId id, RegistrationContext context) {
    super(actor);
    this.id = id;
    this.context = context;
  }

  static Behavior<PeerCommand> create(PeerId id, RegistrationContext context) {
    return Behaviors.setup(actor -> new PeerRegistration(actor, id, context).loading());
  }

  /** The same for all ids: a shard names its entities by their ids, encoded as for a URL. */
  static Behavior<PeerCommand> create(RegistrationContext context) {
    return Behaviors.setup(actor -> {
      String name = actor.getSelf().path().name();
      PeerId id = new PeerId(URLDecoder.decode(name, StandardCharsets.UTF_8));
      return new PeerRegistration(actor, id, context).loading();
    });
  }

  private Behavior<PeerCommand> loading() {
    context.live().add(id); // before it asks for leases: see DirectLeases
    return new StashingAwait(actor, this, false)
        .answer(
            context.store().find(id),
            (row, failure) -> {
              if (failure == null) {
                state = state.with(row);
                return this;
              }
              context.warn("read", id, failure);
              context.passivation().passivate(actor); // the next one reads again
              return UnreadablePeer.behavior(id, context.homes(), this::stop);
            });
  }

  private PeerRowChanges row() {
    if (row == null) {
      row = new PeerRowChanges(this, await(), id, actor.getSelf(), context);
    }
    return row;
  }

  @Override
  Behavior<PeerCommand> onCommand(PeerCommand command) {
    state = state.withoutLostHome(context.homes()::isGone, context.clock().millis());
    Behavior<PeerCommand> next = Behaviors.same();
    switch (command) {
      case PeerCommand.Heartbeat heartbeat -> {
        long epoch = state.epoch();
        next = heartbeat.isRenewal() ? onRenewal(heartbeat) : onHeartbeat(heartbeat);
        if (next == Behaviors.<PeerCommand>same()) { // else the home is asked for first
          next = row().hear(heartbeat.contact(), epoch);
        }
      }
      case Register register -> next = onRegister(register);
      case PeerCommand.Locate(ActorRef<Location> replyTo) ->
          next = whenKnown(() -> reply(replyTo, state.location()));
      case PeerCommand.Lapsed(Home home, long epoch) -> {
        state = state.lapse(home, epoch);
        row().forgetWithoutHome();
      }
      case PeerCommand.Announce(Home home, long epoch) ->
          apply(state.announce(home, epoch, context.clock().millis()));
      case PeerCommand.JudgeRename judge -> next = row().judgeRename(judge);
      case PeerCommand.Rename rename -> next = row().rename(rename);
      case PeerCommand.LetGo letGo -> next = row().letGo(letGo);
      case PeerCommand.Free free -> next = whenKnown(() -> row().free(free));
      case PeerCommand.Release(ActorRef<Renamed> replyTo) -> {
        apply(state.release());
        replyTo.tell(new Renamed(Result.OK));
      }
      case PeerCommand.Evicted evicted -> row().evict();
      case PeerCommand.Idle idle when state.home() == null -> {
        row().forgetWithoutHome();
        context.passivation().passivate(actor);
      }
      case PeerCommand.Stop stop -> {
        row().evict(); // the next node has no provisional row: it asks the peer for its key
        Home home = state.home();
        if (home != null) {
          context.homes().requestAnnouncement(home, id);
        }
        context.passivation().remove(this);
        return stop();
      }
      case PeerCommand.Idle _, PeerCommand.Answered _ -> {}
    }
    return next;
  }

  @Override
  Behavior<PeerCommand> stop() {
    context.live().remove(id);
    return Behaviors.stopped();
  }

  @Override
  public PeerState state() {
    return state;
  }

  @Override
  public void become(PeerState next) {
    state = next;
  }

  @Override
  public void apply(Move move) {
    state = move.next();
    if (move.displaced() != null) {
      context.homes().revoke(move.displaced(), id, state.epoch());
    }
  }

  /** Registers the peer; the epoch of its lease. */
  private long register(Contact contact) {
    apply(state.register(contact, context.clock().millis()));
    return state.epoch();
  }

  /**
   * Takes a step once the peer's home is known as far as the nodes can tell. An entity that has
   * just started must know it before the peer is taken elsewhere or gets an epoch.
   */
  private Behavior<PeerCommand> whenKnown(Supplier<Behavior<PeerCommand>> step) {
    if (!state.needsQuery(context.clock().millis())) {
      return step.get();
    }
    CompletableFuture<Homes.Found> found = context.homes().findLeases(id).toCompletableFuture();
    if (found.state() == Future.State.SUCCESS) { // in a cluster of one
      learn(found.resultNow());
      return step.get();
    }
    return await()
        .answer(
            found,
            (leases, failure) -> {
              learn(leases);
              return step.get();
            });
  }

  private void learn(Homes.@Nullable Found found) {
    long now = context.clock().millis();
    state = state.queried(found != null && found.isComplete(), now);
    if (found != null) {
      found.leases().forEach(lease -> apply(state.announce(lease.home(), lease.epoch(), now)));
    }
  }

  private Behavior<PeerCommand> onHeartbeat(PeerCommand.Heartbeat heartbeat) {
    Contact contact = heartbeat.contact();
    return state.requiresKey(contact.home())
        ? reply(heartbeat.replyTo(), HeartbeatAnswer.KEY_REQUIRED)
        : whenKnown(
            () -> // which may show that it does require the key
            reply(
                    heartbeat.replyTo(),
                    state.requiresKey(contact.home())
                        ? HeartbeatAnswer.KEY_REQUIRED
                        : HeartbeatAnswer.granted(register(contact), state.key())));
  }

  private Behavior<PeerCommand> onRenewal(PeerCommand.Heartbeat renewal) {
    Contact contact = renewal.contact();
    return whenKnown(() -> {
      apply(state.renew(contact, context.clock().millis()));
      return reply(
          renewal.replyTo(),
          state.isRenewed(contact)
              ? HeartbeatAnswer.granted(state.epochAt(contact.home()), state.key())
              : HeartbeatAnswer.SUPERSEDED);
    });
  }

  private Behavior<PeerCommand> onRegister(Register request) {
    return switch (state.judge(id, request.uuid(), request.key(), request.address())) {
      case Verdict.Ignored() -> reply(request.replyTo(), RegisterAnswer.IGNORED);
      case Verdict.Refused(Result result) ->
          reply(request.replyTo(), RegisterAnswer.refused(result));
      case Verdict.Accepted(Change change) -> whenKnown(() -> admit(request, change));
    };
  }

  private Behavior<PeerCommand> admit(Register request, Change change) {
    if (state.keepsHome(request.contact().home(), change)) {
      // The client tries again.
      return reply(request.replyTo(), RegisterAnswer.refused(Result.SERVER_ERROR));
    }
    long unknown = state.epochUnknownTo(request.contact());
    if (unknown != 0) {
      return reply(request.replyTo(), RegisterAnswer.outdated(unknown));
    }
    // Counted after the judgement, so that an untrusted sender cannot slow a device down.
    if (isTooFrequent()) {
      return reply(request.replyTo(), RegisterAnswer.refused(Result.TOO_FREQUENT));
    }
    if (change == Change.NONE && row().isStored()) {
      return accept(request, "", change);
    }
    if (row().needsAdmission(request)) {
      // The same message comes again once it is admitted, and is counted then.
      burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
      return reply(request.replyTo(), RegisterAnswer.NEEDS_ADMISSION);
    }
    return row().isStored() || request.mayCreate()
        ? row().save(request, change)
        : row().acceptProvisional(request);
  }

  private boolean isTooFrequent() {
    RegisterPkBurst next = burst.next(context.clock().millis(), context.limits());
    if (next.isOver(context.limits())) {
      return true; // and the burst does not last longer for it
    }
    burst = next;
    return false;
  }

  @Override
  public Behavior<PeerCommand> accept(Register request, String previousIp, Change change) {
    state = state.sharing(request.key());
    long epoch = register(request.contact());
    return reply(
        request.replyTo(), RegisterAnswer.accepted(previousIp, epoch, change == Change.IDENTITY));
  }

  private static <T> Behavior<PeerCommand> reply(ActorRef<T> to, T answer) {
    to.tell(answer);
    return Behaviors.same();
  }

  /** Frees what is not needed until the next message, and sees to it that the entity ends. */
  @Override
  void rest() {
    if (row != null && !row.isProvisional()) {
      row = null;
    }
    Home.Registration registration = state.registration();
    if (registration != null) {
      context.passivation().confirm(this, registration.confirmedMillis());
      if (idleTimeout != null) {
        idleTimeout = null;
        actor.cancelReceiveTimeout();
      }
      return;
    }
    context.passivation().remove(this);
    Duration next = state.idleTimeout();
    if (!next.equals(idleTimeout)) {
      idleTimeout = next;
      actor.setReceiveTimeout(next, PeerCommand.Idle.INSTANCE);
    }
  }
}
