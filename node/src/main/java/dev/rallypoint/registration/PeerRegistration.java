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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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

  private static final Duration KEEP_REGISTERED = Duration.ofMillis(PeerState.FORGOTTEN_AFTER);
  private static final Duration KEEP_OFFLINE = Duration.ofSeconds(60);
  private static final Duration KEEP_UNKNOWN = Duration.ofSeconds(2);
  private static final int MAX_STASHED = 100;

  /** Milliseconds that the storing of an ip is awaited; the client waits for three seconds. */
  private static final long IP_SAVE_TIMEOUT = 2_000;

  private final ActorContext<PeerCommand> actor;
  private final StashBuffer<PeerCommand> stash;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerId id;
  private final RegistrationContext context;
  private PeerState state = PeerState.EMPTY;
  private RegisterPkBurst burst = RegisterPkBurst.NONE;
  private @Nullable Behavior<PeerCommand> loaded;
  private @Nullable Duration idleTimeout;

  private PeerRegistration(
      ActorContext<PeerCommand> actor,
      StashBuffer<PeerCommand> stash,
      ActorRef<ClusterSharding.ShardCommand> shard,
      PeerId id,
      RegistrationContext context) {
    this.actor = actor;
    this.stash = stash;
    this.shard = shard;
    this.id = id;
    this.context = context;
  }

  static Behavior<PeerCommand> create(
      PeerId id, ActorRef<ClusterSharding.ShardCommand> shard, RegistrationContext context) {
    return Behaviors.setup(actor ->
        Behaviors.withStash(
            MAX_STASHED + 1, // the last place is for Stop
            stash -> new PeerRegistration(actor, stash, shard, id, context).loading()));
  }

  private Behavior<PeerCommand> loading() {
    return awaiting(
        context.store().find(id),
        (row, failure) -> {
          if (failure == null) {
            state = state.with(row);
            loaded = Behaviors.receiveMessage(this::onCommand);
          } else {
            context.warn("read", id, failure);
            loaded = UnreadablePeer.behavior(id, context.homes());
            passivate(); // the next message starts the entity again, which reads again
          }
        });
  }

  private Behavior<PeerCommand> onCommand(PeerCommand command) {
    state = state.withoutLostHome(context.homes()::isGone, context.clock().millis());
    Behavior<PeerCommand> next = Behaviors.same();
    switch (command) {
      case PeerCommand.Heartbeat heartbeat -> onHeartbeat(heartbeat);
      case Register register -> next = onRegister(register);
      case PeerCommand.Locate locate -> next = onLocate(locate);
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
    apply(state.register(contact, context.wallClock().micros(), context.clock().millis()));
    return state.epoch();
  }

  private void onHeartbeat(PeerCommand.Heartbeat heartbeat) {
    Contact contact = heartbeat.contact();
    boolean isLate = heartbeat.isRenewal() ? state.supersedes(contact) : state.overtakes(contact);
    if (state.requiresKey(contact.home().address())) {
      heartbeat.replyTo().tell(HeartbeatAnswer.KEY_REQUIRED);
    } else if (isLate) {
      heartbeat.replyTo().tell(HeartbeatAnswer.SUPERSEDED);
    } else {
      heartbeat.replyTo().tell(HeartbeatAnswer.granted(register(contact), state.key()));
    }
  }

  private Behavior<PeerCommand> onLocate(PeerCommand.Locate locate) {
    if (!state.needsQuery(context.clock().millis())) {
      locate.replyTo().tell(state.location());
      return Behaviors.same();
    }
    return awaiting(
        context.homes().findLeases(id),
        (found, failure) -> {
          long now = context.clock().millis();
          state = state.queried(found != null && found.isComplete(), now);
          if (found != null) {
            found.leases().forEach(l -> apply(state.announce(l.home(), l.epoch(), now)));
          }
          locate.replyTo().tell(state.location());
        });
  }

  private Behavior<PeerCommand> onRegister(Register request) {
    return switch (state.judge(id, request.uuid(), request.key(), request.address())) {
      case Verdict.Ignored() -> reply(request, RegisterAnswer.IGNORED);
      case Verdict.Refused(Result result) -> reply(request, RegisterAnswer.refused(result));
      // Counted after the judgement, so that an untrusted sender cannot slow a device down.
      case Verdict.Accepted accepted when isTooFrequent() ->
          reply(request, RegisterAnswer.refused(Result.TOO_FREQUENT));
      case Verdict.Accepted(Change change) when change == Change.NONE -> accept(request, "");
      case Verdict.Accepted accepted when state.stored() == null && !request.mayCreate() -> {
        // The same message comes again once it is admitted, and is counted then.
        burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
        yield reply(request, RegisterAnswer.NEEDS_ADMISSION);
      }
      case Verdict.Accepted(Change change) -> save(request, change);
    };
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
    return awaiting(
        saved,
        (now, failure) -> {
          if (failure != null) {
            context.warn("store", id, failure);
            if (change == Change.IP) {
              accept(request, ""); // the state stays as it is, so the next one is stored again
            } else {
              reply(request, RegisterAnswer.refused(Result.SERVER_ERROR));
            }
            return;
          }
          state = state.with(now);
          if (now.equals(Optional.of(row))) {
            accept(request, previousIp);
          } else {
            actor.getSelf().tell(request); // another node stored a row first: judge again
          }
        });
  }

  private Behavior<PeerCommand> accept(Register request, String previousIp) {
    return reply(
        request,
        state.overtakes(request.contact())
            ? RegisterAnswer.refused(Result.SERVER_ERROR) // the peer is registered elsewhere since
            : RegisterAnswer.accepted(previousIp, register(request.contact())));
  }

  private static Behavior<PeerCommand> reply(Register request, RegisterAnswer answer) {
    request.replyTo().tell(answer);
    return Behaviors.same();
  }

  /** The new id's entity does it, between its own saves, so that no two devices get one id. */
  private Behavior<PeerCommand> onRename(PeerCommand.Rename rename) {
    PeerStore store = context.store();
    return awaiting(
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
        });
  }

  /** Stashes all messages until the database or the other nodes have answered. */
  private <T> Behavior<PeerCommand> awaiting(
      CompletionStage<T> answer, BiConsumer<T, @Nullable Throwable> then) {
    actor.pipeToSelf(
        answer, (value, failure) -> new PeerCommand.Answered(() -> then.accept(value, failure)));
    return Behaviors.receiveMessage(command -> {
      if (command instanceof PeerCommand.Answered(Runnable effect)) {
        effect.run();
        setIdleTimeout();
        return stash.unstashAll(Objects.requireNonNull(loaded));
      }
      boolean isStop = command instanceof PeerCommand.Stop;
      if (isStop && loaded == null) {
        return Behaviors.stopped(); // it has answered nobody yet
      }
      if (stash.size() < MAX_STASHED || isStop && !stash.isFull()) {
        stash.stash(command); // else dropped: a client repeats its message, the shard does not
      }
      return Behaviors.same();
    });
  }

  /** A flood of invented ids must not keep their entities in memory for long. */
  private void setIdleTimeout() {
    Duration next =
        state.stored() == null
            ? KEEP_UNKNOWN
            : state.registration() == null ? KEEP_OFFLINE : KEEP_REGISTERED;
    if (!next.equals(idleTimeout)) {
      idleTimeout = next;
      actor.setReceiveTimeout(next, PeerCommand.Idle.INSTANCE);
    }
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(actor.getSelf()));
  }
}
