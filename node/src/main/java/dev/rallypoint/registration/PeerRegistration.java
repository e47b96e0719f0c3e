package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.policy.KeyPolicy.Known;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.RegisterPkBurst;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.Standing.AtHome;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * One id: what the database holds of it, and where its peer is. It loads its row when first asked,
 * then answers from memory. It leaves by itself when nobody is at home under the id and nobody has
 * asked for a while.
 */
public final class PeerRegistration {
  /** Its name in the cluster; the entity's id is the peer's id. */
  public static final EntityTypeKey<Command> KEY =
      EntityTypeKey.create(Command.class, "PeerRegistration");

  private static final Duration LINGER = Duration.ofSeconds(60);
  private static final Duration UNKNOWN_LINGER = Duration.ofSeconds(2);
  private static final int MAX_STASHED = 100;

  /** What it may be asked. */
  public sealed interface Command {}

  /** A heartbeat that no lease covers. */
  public record Refresh(PeerAddress address, ActorRef<Push> home, ActorRef<Refreshed> replyTo)
      implements Command, ClusterMessage {}

  /**
   * Answer to {@link Refresh}.
   *
   * @param keyRequired whether the peer must send RegisterPk before it is found at this address
   */
  public record Refreshed(boolean keyRequired) implements ClusterMessage {}

  /**
   * A RegisterPk.
   *
   * @param mayCreate whether the id may be stored if nobody has it
   */
  record Register(
      ByteString uuid,
      ByteString key,
      PeerAddress address,
      boolean mayCreate,
      ActorRef<Push> home,
      ActorRef<Registered> replyTo)
      implements Command, ClusterMessage {}

  /** Where is the peer? */
  public record Locate(ActorRef<Location> replyTo) implements Command, ClusterMessage {}

  /** The home has not heard the peer for too long. */
  public record Lapsed(PeerAddress address, ActorRef<Push> home)
      implements Command, ClusterMessage {}

  /** The shard's word to stop. */
  public enum Stop implements Command {
    /** The only one. */
    INSTANCE
  }

  private record Loaded(Optional<PeerRow> row) implements Command {}

  private record LoadFailed(Throwable why) implements Command {}

  private record Saved(Register request, Known row, String previousIp) implements Command {}

  private record SaveFailed(Register request, Throwable why) implements Command {}

  private enum Quiet implements Command {
    INSTANCE
  }

  private final ActorContext<Command> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerId id;
  private final RegistrationSurroundings around;
  private Standing standing = Standing.NOTHING;
  private boolean leaving;
  private RegisterPkBurst burst = RegisterPkBurst.NONE;

  private PeerRegistration(
      ActorContext<Command> context,
      ActorRef<ClusterSharding.ShardCommand> shard,
      PeerId id,
      RegistrationSurroundings around) {
    this.context = context;
    this.shard = shard;
    this.id = id;
    this.around = around;
  }

  static Behavior<Command> create(
      PeerId id, ActorRef<ClusterSharding.ShardCommand> shard, RegistrationSurroundings around) {
    return Behaviors.setup(context -> {
      PeerRegistration entity = new PeerRegistration(context, shard, id, around);
      context.pipeToSelf(
          around.store().find(id), (row, e) -> e == null ? new Loaded(row) : new LoadFailed(e));
      return Behaviors.withStash(MAX_STASHED, entity::loading);
    });
  }

  private Behavior<Command> loading(StashBuffer<Command> stash) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Loaded(Optional<PeerRow> row) -> {
            standing = standing.with(row.map(PeerRegistration::known).orElse(null));
            yield stash.unstashAll(lingering());
          }
          case LoadFailed(Throwable why) -> {
            context.getLog().warn("cannot read {} from the database: {}", id, why.toString());
            leave(); // the next message starts anew, and with it the reading
            yield stash.unstashAll(unavailable());
          }
          case Stop stop -> Behaviors.stopped();
          default -> keep(stash, command);
        });
  }

  private Behavior<Command> unavailable() {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Register r -> {
            r.replyTo.tell(Registered.judged(Result.SERVER_ERROR));
            yield Behaviors.same();
          }
          case Locate(ActorRef<Location> replyTo) -> {
            replyTo.tell(Location.absent(Presence.UNAVAILABLE));
            yield Behaviors.same();
          }
          case Stop stop -> Behaviors.stopped();
          // A heartbeat gets no answer: yes would be a lie, and the client asks again in 3 s.
          default -> Behaviors.same();
        });
  }

  /** Ready, and leaving when nobody comes. */
  private Behavior<Command> lingering() {
    // Ids that nobody has come in floods of made-up ones: those are not kept long.
    context.setReceiveTimeout(standing.known() == null ? UNKNOWN_LINGER : LINGER, Quiet.INSTANCE);
    return ready();
  }

  private Behavior<Command> ready() {
    return Behaviors.receiveMessage(this::onCommand);
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Refresh refresh -> onRefresh(refresh);
      case Register register -> onRegister(register);
      case Locate(ActorRef<Location> replyTo) -> {
        replyTo.tell(standing.location());
        yield Behaviors.same();
      }
      case Lapsed(PeerAddress address, ActorRef<Push> home) -> {
        if (new AtHome(address, home).equals(standing.atHome())) {
          standing = standing.at(null);
          context.setReceiveTimeout(LINGER, Quiet.INSTANCE);
        }
        yield Behaviors.same();
      }
      case Quiet quiet -> {
        if (standing.atHome() == null) {
          leave();
        }
        yield Behaviors.same();
      }
      case Stop stop -> onStop();
      case Loaded l -> Behaviors.unhandled();
      case LoadFailed l -> Behaviors.unhandled();
      case Saved s -> Behaviors.unhandled();
      case SaveFailed s -> Behaviors.unhandled();
    };
  }

  /** A peer that came home while the entity was leaving is taken over by its next life. */
  private Behavior<Command> onStop() {
    AtHome place = standing.atHome();
    if (leaving && place != null) {
      ActorRef<Refreshed> nobody = context.getSystem().ignoreRef();
      ClusterSharding.get(context.getSystem())
          .entityRefFor(KEY, id.value())
          .tell(new Refresh(place.address(), place.home(), nobody));
    }
    return Behaviors.stopped();
  }

  private Behavior<Command> onRefresh(Refresh refresh) {
    boolean keyRequired = standing.requiresKey(refresh.address);
    if (!keyRequired) {
      settle(refresh.address, refresh.home);
    }
    refresh.replyTo.tell(new Refreshed(keyRequired));
    return Behaviors.same();
  }

  private Behavior<Command> onRegister(Register request) {
    String ip = request.address.ip();
    return switch (standing.judge(id, request.uuid, request.key, request.address)) {
      case Verdict.Ignored() ->
          reply(request, new Registered(Registered.Outcome.IGNORED, Result.OK, ""));
      case Verdict.Refused(Result result) -> reply(request, Registered.judged(result));
      // Only what the device itself sends counts: a stranger must not be able to slow it down.
      case Verdict.Accepted accepted when isTooFrequent() ->
          reply(request, Registered.judged(Result.TOO_FREQUENT));
      case Verdict.Accepted(boolean changed) when !changed -> {
        settle(request.address, request.home);
        yield reply(request, Registered.judged(Result.OK));
      }
      case Verdict.Accepted accepted when standing.known() == null && !request.mayCreate -> {
        // The same message comes again in a moment: it is not another one of the client's.
        burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
        yield reply(request, new Registered(Registered.Outcome.NEEDS_ADMISSION, Result.OK, ""));
      }
      case Verdict.Accepted accepted -> save(request, new Known(request.uuid, request.key, ip));
    };
  }

  private boolean isTooFrequent() {
    RegisterPkBurst next = burst.next(around.clock().getAsLong(), around.limits());
    if (next.isOver(around.limits())) {
      return true; // and it does not make the burst longer
    }
    burst = next;
    return false;
  }

  private Behavior<Command> save(Register request, Known row) {
    String before = standing.previousIp(row.ip());
    context.pipeToSelf(
        around.store().save(new PeerRow(id, row.uuid(), row.key(), row.ip())),
        (done, e) -> e == null ? new Saved(request, row, before) : new SaveFailed(request, e));
    return Behaviors.withStash(MAX_STASHED, this::saving);
  }

  private Behavior<Command> saving(StashBuffer<Command> stash) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Saved(Register request, Known row, String previousIp) -> {
            standing = standing.with(row);
            settle(request.address, request.home);
            request.replyTo.tell(new Registered(Registered.Outcome.JUDGED, Result.OK, previousIp));
            yield stash.unstashAll(ready());
          }
          case SaveFailed(Register request, Throwable why) -> {
            context.getLog().warn("cannot store {}: {}", id, why.toString());
            request.replyTo.tell(Registered.judged(Result.SERVER_ERROR));
            yield stash.unstashAll(ready());
          }
          default -> keep(stash, command); // Stop too: what is promised is kept first
        });
  }

  private Behavior<Command> keep(StashBuffer<Command> stash, Command command) {
    if (!stash.isFull()) {
      stash.stash(command); // over the bound it is dropped: every asker asks again
    }
    return Behaviors.same();
  }

  private void settle(PeerAddress address, ActorRef<Push> home) {
    standing = standing.at(new AtHome(address, home));
    context.cancelReceiveTimeout();
  }

  private static Known known(PeerRow row) {
    return new Known(row.uuid(), row.key(), row.ip());
  }

  private Behavior<Command> reply(Register request, Registered answer) {
    request.replyTo.tell(answer);
    return Behaviors.same();
  }

  private void leave() {
    leaving = true;
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }
}
