package dev.rallypoint.registration;

import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.RegisterPkBurst;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.HeartbeatAnswer;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerCommand.Renamed;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * The sharded entity of one id: it knows the id's row in the database and where the peer is
 * registered. It reads the row when it starts, then answers from memory, and passivates when the
 * peer is not registered and nobody has asked for a while. {@link PeerState} has the rules.
 */
final class PeerRegistration {
  /** Its type name in the cluster; the entity id is the peer's id. */
  static final EntityTypeKey<PeerCommand> KEY =
      EntityTypeKey.create(PeerCommand.class, "PeerRegistration");

  /** Milliseconds that the storing of an ip is awaited; the client waits for three seconds. */
  private static final long IP_SAVE_TIMEOUT = 2_000;

  private final ActorContext<PeerCommand> actor;
  private final StashingAwait await;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerId id;
  private final RegistrationContext context;
  private PeerState state = PeerState.EMPTY;
  private RegisterPkBurst burst = RegisterPkBurst.NONE;
  private @Nullable Duration idleTimeout;

  private PeerRegistration(
      ActorContext<PeerCommand> actor,
      StashBuffer<PeerCommand> stash,
      ActorRef<ClusterSharding.ShardCommand> shard,
      PeerId id,
      RegistrationContext context) {
    this.actor = actor;
    this.await = new StashingAwait(actor, stash, this::setIdleTimeout);
    this.shard = shard;
    this.id = id;
    this.context = context;
  }

  static Behavior<PeerCommand> create(
      PeerId id, ActorRef<ClusterSharding.ShardCommand> shard, RegistrationContext context) {
    return Behaviors.setup(actor ->
        Behaviors.withStash(
            StashingAwait.MAX_STASHED + 1, // the last place is for Stop
            stash -> new PeerRegistration(actor, stash, shard, id, context).loading()));
  }

  private Behavior<PeerCommand> loading() {
    return await.answer(
        context.store().find(id),
        (row, failure) -> {
          if (failure == null) {
            state = state.with(row);
            await.onLoaded(Behaviors.receiveMessage(this::onCommand));
          } else {
            context.warn("read", id, failure);
            await.onLoaded(UnreadablePeer.behavior(id, context.homes()));
            passivate(); // the next message starts the entity again, which reads again
          }
          return Behaviors.same();
        });
  }

  private Behavior<PeerCommand> onCommand(PeerCommand command) {
    state = state.withoutLostHome(context.homes()::isGone, context.clock().millis());
    Behavior<PeerCommand> next = Behaviors.same();
    switch (command) {
      case PeerCommand.Heartbeat heartbeat ->
          next = heartbeat.isRenewal() ? onRenewal(heartbeat) : onHeartbeat(heartbeat);
      case Register register -> next = onRegister(register);
      case PeerCommand.Locate(ActorRef<Location> replyTo) ->
          next = whenKnown(() -> reply(replyTo, state.location()));
      case PeerCommand.Lapsed(Home home, long epoch) -> state = state.lapse(home, epoch);
      case PeerCommand.Announce(Home home, long epoch) ->
          apply(state.announce(home, epoch, context.clock().millis()));
      case PeerCommand.Rename rename -> next = onRename(rename);
      case PeerCommand.Release(ActorRef<Renamed> replyTo) -> {
        apply(state.release());
        replyTo.tell(new Renamed(Result.OK));
      }
      case PeerCommand.Idle idle when state.home() == null -> passivate();
      case PeerCommand.Stop stop -> {
        Home home = state.home();
        if (home != null) {
          context.homes().requestAnnouncement(home, id);
        }
        return Behaviors.stopped();
      }
      case PeerCommand.Idle _, PeerCommand.Answered _ -> {}
    }
    setIdleTimeout();
    return next;
  }

  private void apply(Move move) {
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
   * just started must know it before it lets the peer be taken elsewhere, and before it gives an
   * epoch.
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
    return await.answer(
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
    if (change == Change.NONE) {
      return accept(request, "");
    }
    if (state.stored() == null && !request.mayCreate()) {
      // The same message comes again once it is admitted, and is counted then.
      burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
      return reply(request.replyTo(), RegisterAnswer.NEEDS_ADMISSION);
    }
    return save(request, change);
  }

  private boolean isTooFrequent() {
    RegisterPkBurst next = burst.next(context.clock().millis(), context.limits());
    if (next.isOver(context.limits())) {
      return true; // and the burst does not last longer for it
    }
    burst = next;
    return false;
  }

  private Behavior<PeerCommand> save(Register request, Change change) {
    PeerRow row = new PeerRow(id, request.uuid(), request.key(), request.address().ip());
    String previousIp = state.previousIp(row.ip());
    CompletionStage<Optional<PeerRow>> saved = context.store().save(row, state.row(id));
    if (change == Change.IP) { // a known peer does not wait for a database that does not answer
      saved = saved.toCompletableFuture().copy().orTimeout(IP_SAVE_TIMEOUT, TimeUnit.MILLISECONDS);
    }
    return await.answer(
        saved,
        (now, failure) -> {
          if (failure != null) {
            context.warn("store", id, failure);
            return change == Change.IP
                ? accept(request, "") // the state stays as it is, so the next one is stored again
                : reply(request.replyTo(), RegisterAnswer.refused(Result.SERVER_ERROR));
          }
          state = state.with(now);
          if (now.equals(Optional.of(row))) {
            return accept(request, previousIp);
          }
          actor.getSelf().tell(request); // another node stored a row first: judge again
          return Behaviors.same();
        });
  }

  private Behavior<PeerCommand> accept(Register request, String previousIp) {
    return reply(
        request.replyTo(), RegisterAnswer.accepted(previousIp, register(request.contact())));
  }

  private static <T> Behavior<PeerCommand> reply(ActorRef<T> to, T answer) {
    to.tell(answer);
    return Behaviors.same();
  }

  /** The new id's entity does it, between its own saves, so that no two devices get one id. */
  private Behavior<PeerCommand> onRename(PeerCommand.Rename rename) {
    PeerStore store = context.store();
    return await.answer(
        store
            .rename(rename.oldId(), id, rename.uuid())
            .thenCompose(result -> store.find(id).thenApply(row -> Map.entry(result, row))),
        (renamed, failure) -> {
          if (failure == null) {
            state = state.with(renamed.getValue());
            rename.replyTo().tell(Renamed.of(renamed.getKey()));
          } else {
            context.warn("rename to", id, failure);
            rename.replyTo().tell(new Renamed(Result.SERVER_ERROR));
          }
          return Behaviors.same();
        });
  }

  private void setIdleTimeout() {
    Duration next = state.idleTimeout();
    if (!next.equals(idleTimeout)) {
      idleTimeout = next;
      actor.setReceiveTimeout(next, PeerCommand.Idle.INSTANCE);
    }
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(actor.getSelf()));
  }
}
