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
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
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
final class PeerRegistration implements PeerRowChanges.Entity {
  /** Its type name in the cluster; the entity id is the peer's id. */
  static final EntityTypeKey<PeerCommand> KEY =
      EntityTypeKey.create(PeerCommand.class, "PeerRegistration");

  private static final Duration KEEP_REGISTERED = Duration.ofMillis(PeerState.FORGOTTEN_AFTER);
  private static final Duration KEEP_OFFLINE = Duration.ofSeconds(60);
  private static final Duration KEEP_UNKNOWN = Duration.ofSeconds(2);
  private static final int MAX_STASHED = 100;

  private final ActorContext<PeerCommand> actor;
  private final StashBuffer<PeerCommand> stash;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerId id;
  private final RegistrationContext context;
  private final PeerRowChanges row;
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
    this.row = new PeerRowChanges(this, id, actor.getSelf(), context);
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
      case PeerCommand.Heartbeat heartbeat -> {
        long epoch = state.epoch();
        onHeartbeat(heartbeat);
        next = row.hear(heartbeat.contact(), epoch);
      }
      case Register register -> next = onRegister(register);
      case PeerCommand.Locate locate -> next = onLocate(locate);
      case PeerCommand.Lapsed(Home home, long epoch) -> {
        state = state.lapse(home, epoch);
        row.forgetWithoutHome();
      }
      case PeerCommand.Announce(Home home, long epoch) ->
          apply(state.announce(home, epoch, context.clock().millis()));
      case PeerCommand.JudgeRename judge -> next = row.judgeRename(judge);
      case PeerCommand.Rename rename -> next = row.rename(rename);
      case PeerCommand.LetGo letGo -> next = row.letGo(letGo);
      case PeerCommand.Release(ActorRef<Renamed> replyTo) -> {
        apply(state.release());
        replyTo.tell(new Renamed(Result.OK));
      }
      case PeerCommand.Evicted evicted -> row.evict();
      case PeerCommand.Idle idle when state.home() == null -> {
        row.forgetWithoutHome();
        passivate();
      }
      case PeerCommand.Stop stop -> {
        row.evict(); // the entity's next node has no provisional row: the peer is asked for its key
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
      case Verdict.Accepted(Change change) when change == Change.NONE && row.isStored() ->
          accept(request, "");
      case Verdict.Accepted accepted when row.needsAdmission(request) -> {
        // The same message comes again once it is admitted, and is counted then.
        burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
        yield reply(request, RegisterAnswer.NEEDS_ADMISSION);
      }
      case Verdict.Accepted accepted when !row.isStored() && !request.mayCreate() ->
          row.acceptProvisional(request);
      case Verdict.Accepted(Change change) -> row.save(request, change);
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

  @Override
  public Behavior<PeerCommand> accept(Register request, String previousIp) {
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

  @Override
  public <T> Behavior<PeerCommand> awaiting(
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
