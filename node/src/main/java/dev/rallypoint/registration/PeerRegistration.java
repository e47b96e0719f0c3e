package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.RegisterPkBurst;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Standing.AtHome;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.Optional;
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
  public sealed interface Command
      permits Refresh,
          Register,
          Locate,
          Lapsed,
          Stop,
          IdChange.Adopt,
          IdChange.Release,
          Loaded,
          Stored,
          Quiet {}

  /** A heartbeat that no lease covers. */
  public record Refresh(PeerAddress address, ActorRef<Push> home, ActorRef<Refreshed> replyTo)
      implements Command, ClusterMessage {}

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

  private record Loaded(Optional<PeerRow> row, @Nullable Throwable why) implements Command {}

  private record Stored(Runnable then) implements Command {}

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
      context.pipeToSelf(around.store().find(id), Loaded::new);
      return Behaviors.withStash(MAX_STASHED, entity::loading);
    });
  }

  private Behavior<Command> loading(StashBuffer<Command> stash) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Loaded(Optional<PeerRow> row, Throwable why) when why == null -> {
            standing = standing.with(row);
            yield stash.unstashAll(lingering());
          }
          case Loaded(_, Throwable why) -> {
            around.warn("read", id, why);
            leave(); // the next message starts anew, and with it the reading
            yield stash.unstashAll(Unavailable.behavior());
          }
          case Stop stop -> Behaviors.stopped();
          default -> keep(stash, command);
        });
  }

  /** Ready, and leaving when nobody comes. */
  private Behavior<Command> lingering() {
    // Ids that nobody has come in floods of made-up ones: those are not kept long.
    context.setReceiveTimeout(standing.known() == null ? UNKNOWN_LINGER : LINGER, Quiet.INSTANCE);
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
      case IdChange.Adopt adopt -> onAdopt(adopt);
      case IdChange.Release(ActorRef<IdChange.Changed> replyTo) -> {
        standing = Standing.NOTHING;
        context.setReceiveTimeout(UNKNOWN_LINGER, Quiet.INSTANCE);
        replyTo.tell(new IdChange.Changed(Result.OK));
        yield Behaviors.same();
      }
      case Quiet quiet -> {
        if (standing.atHome() == null) {
          leave();
        }
        yield Behaviors.same();
      }
      case Stop stop -> onStop();
      case Loaded _, Stored _ -> Behaviors.unhandled();
    };
  }

  /** A peer that came home while the entity was leaving is taken over by its next life. */
  private Behavior<Command> onStop() {
    AtHome place = standing.atHome();
    if (leaving && place != null) {
      ClusterSharding.get(context.getSystem())
          .entityRefFor(KEY, id.value())
          .tell(new Refresh(place.address(), place.home(), context.getSystem().ignoreRef()));
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
      case Verdict.Accepted accepted -> save(request);
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

  private Behavior<Command> save(Register request) {
    PeerRow stored = new PeerRow(id, request.uuid, request.key, request.address.ip());
    String before = standing.previousIp(stored.ip());
    return storing(
        around.store().save(stored, standing.row(id)),
        (held, why) -> {
          if (why != null) {
            around.warn("store", id, why);
            request.replyTo.tell(Registered.judged(Result.SERVER_ERROR));
            return;
          }
          standing = standing.with(held);
          if (held.equals(Optional.of(stored))) {
            settle(request.address, request.home);
            request.replyTo.tell(new Registered(Registered.Outcome.JUDGED, Result.OK, before));
          } else {
            context.getSelf().tell(request); // another entity of the id was faster: judged anew
          }
        });
  }

  private Behavior<Command> onAdopt(IdChange.Adopt adopt) {
    return storing(
        IdChange.rename(around.store(), id, adopt),
        (answer, why) -> {
          if (why == null) {
            standing = standing.with(answer.row());
            adopt.replyTo().tell(new IdChange.Changed(answer.result()));
          } else {
            around.warn("rename to", id, why);
            adopt.replyTo().tell(new IdChange.Changed(Result.SERVER_ERROR));
          }
        });
  }

  /** Does nothing else until the database has answered. */
  private <T> Behavior<Command> storing(
      CompletionStage<T> call, BiConsumer<T, @Nullable Throwable> then) {
    context.pipeToSelf(call, (answer, why) -> new Stored(() -> then.accept(answer, why)));
    return Behaviors.withStash(
        MAX_STASHED,
        stash ->
            Behaviors.receiveMessage(command -> {
              if (command instanceof Stored(Runnable effect)) {
                effect.run();
                return stash.unstashAll(Behaviors.receiveMessage(this::onCommand));
              }
              return keep(stash, command); // Stop too: what is promised is kept first
            }));
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

  private Behavior<Command> reply(Register request, Registered answer) {
    request.replyTo.tell(answer);
    return Behaviors.same();
  }

  private void leave() {
    leaving = true;
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }
}
