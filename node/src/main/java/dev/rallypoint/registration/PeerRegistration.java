package dev.rallypoint.registration;

import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.RegisterPkBurst;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.Announce;
import dev.rallypoint.registration.PeerCommand.Lapsed;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Refresh;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.Stop;
import dev.rallypoint.registration.Registered.Outcome;
import dev.rallypoint.store.PeerRow;
import java.time.Duration;
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
 * One id: what the database holds of it, and where its peer is. It loads its row when first asked,
 * then answers from memory. It leaves by itself when nobody is at home under the id and nobody has
 * asked for a while.
 */
final class PeerRegistration {
  /** Its name in the cluster; the entity's id is the peer's id. */
  static final EntityTypeKey<PeerCommand> KEY =
      EntityTypeKey.create(PeerCommand.class, "PeerRegistration");

  private static final Duration AT_HOME = Duration.ofMillis(Residence.FORGOTTEN_AFTER);
  private static final Duration LINGER = Duration.ofSeconds(60);
  private static final Duration UNKNOWN_LINGER = Duration.ofSeconds(2);
  private static final int MAX_STASHED = 100;

  /** Milliseconds that the storing of an ip is waited for; who asks waits for three seconds. */
  private static final long IP_PATIENCE = 2_000;

  /** What it tells itself. */
  sealed interface Own extends PeerCommand permits Loaded, Done, Quiet {}

  private record Loaded(Optional<PeerRow> row, @Nullable Throwable why) implements Own {}

  private record Done(Runnable then) implements Own {}

  private enum Quiet implements Own {
    INSTANCE
  }

  private final ActorContext<PeerCommand> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerId id;
  private final RegistrationContext around;
  private final Residence residence;
  private RegisterPkBurst burst = RegisterPkBurst.NONE;
  private @Nullable Duration patience;

  private PeerRegistration(
      ActorContext<PeerCommand> context,
      ActorRef<ClusterSharding.ShardCommand> shard,
      PeerId id,
      RegistrationContext around) {
    this.context = context;
    this.shard = shard;
    this.id = id;
    this.around = around;
    this.residence = new Residence(id, around);
  }

  static Behavior<PeerCommand> create(
      PeerId id, ActorRef<ClusterSharding.ShardCommand> shard, RegistrationContext around) {
    return Behaviors.setup(context -> {
      PeerRegistration entity = new PeerRegistration(context, shard, id, around);
      context.pipeToSelf(around.store().find(id), Loaded::new);
      return Behaviors.withStash(MAX_STASHED, entity::loading);
    });
  }

  private Behavior<PeerCommand> loading(StashBuffer<PeerCommand> stash) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Loaded(Optional<PeerRow> row, Throwable why) when why == null -> {
            residence.know(row);
            linger();
            yield stash.unstashAll(Behaviors.receiveMessage(this::onCommand));
          }
          case Loaded(_, Throwable why) -> {
            around.warn("read", id, why);
            leave(); // the next message starts anew, and with it the reading
            yield stash.unstashAll(UnreadablePeer.behavior(id, around.homes()));
          }
          case Stop stop -> Behaviors.stopped();
          default -> keep(stash, command);
        });
  }

  /** Leaves when nobody comes for so long. */
  private void linger() {
    Standing standing = residence.standing();
    // Ids that nobody has come in floods of made-up ones: those are not kept long.
    Duration next =
        standing.known() == null ? UNKNOWN_LINGER : standing.atHome() == null ? LINGER : AT_HOME;
    if (!next.equals(patience)) {
      patience = next;
      context.setReceiveTimeout(next, Quiet.INSTANCE);
    }
  }

  private Behavior<PeerCommand> onCommand(PeerCommand command) {
    residence.check();
    Behavior<PeerCommand> next =
        switch (command) {
          case Refresh refresh -> onRefresh(refresh);
          case Register register -> onRegister(register);
          case Locate locate -> onLocate(locate);
          case Lapsed(Home home, long epoch) -> {
            residence.onLapsed(home, epoch);
            yield Behaviors.same();
          }
          case Announce(Home home, long epoch) -> {
            residence.onAnnounce(home, epoch);
            yield Behaviors.same();
          }
          case IdChange.Adopt adopt -> onAdopt(adopt);
          case IdChange.Release(ActorRef<IdChange.Changed> replyTo) -> {
            residence.release();
            replyTo.tell(new IdChange.Changed(Result.OK));
            yield Behaviors.same();
          }
          case Quiet quiet -> {
            if (residence.standing().atHome() == null) {
              leave();
            }
            yield Behaviors.same();
          }
          case Stop stop -> {
            residence.handOver();
            yield Behaviors.stopped();
          }
          case Loaded _, Done _ -> Behaviors.unhandled();
        };
    linger();
    return next;
  }

  private Behavior<PeerCommand> onRefresh(Refresh refresh) {
    Home home = refresh.home();
    Standing standing = residence.standing();
    if (standing.requiresKey(home.address())) {
      refresh.replyTo().tell(Refreshed.KEY_REQUIRED);
    } else if (refresh.isRenewal()
        ? standing.supersedes(home, refresh.after())
        : standing.isOvertaken(home, refresh.spokeAt())) {
      refresh.replyTo().tell(Refreshed.SUPERSEDED);
    } else {
      long epoch = residence.settle(home, refresh.after(), refresh.spokeAt());
      refresh.replyTo().tell(new Refreshed(false, epoch, standing.key()));
    }
    return Behaviors.same();
  }

  private Behavior<PeerCommand> onLocate(Locate locate) {
    Location location = residence.location();
    if (location != null) {
      locate.replyTo().tell(location);
      return Behaviors.same();
    }
    return awaiting(
        around.homes().survey(id),
        (found, why) -> locate.replyTo().tell(residence.onSurvey(why == null ? found : null)));
  }

  private Behavior<PeerCommand> onRegister(Register request) {
    Standing standing = residence.standing();
    return switch (standing.judge(id, request.uuid(), request.key(), request.address())) {
      case Verdict.Ignored() -> reply(request, Registered.undecided(Outcome.IGNORED));
      case Verdict.Refused(Result result) -> reply(request, Registered.refused(result));
      // Only what the device itself sends counts: a stranger must not be able to slow it down.
      case Verdict.Accepted accepted when isTooFrequent() ->
          reply(request, Registered.refused(Result.TOO_FREQUENT));
      case Verdict.Accepted(Change change) when change == Change.NONE -> accept(request, "");
      case Verdict.Accepted accepted when standing.known() == null && !request.mayCreate() -> {
        // The same message comes again in a moment: it is not another one of the client's.
        burst = new RegisterPkBurst(burst.messages() - 1, burst.lastMillis());
        yield reply(request, Registered.undecided(Outcome.NEEDS_ADMISSION));
      }
      case Verdict.Accepted(Change change) -> save(request, change);
    };
  }

  private boolean isTooFrequent() {
    RegisterPkBurst next = burst.next(around.clock().millis(), around.limits());
    if (next.isOver(around.limits())) {
      return true; // and it does not make the burst longer
    }
    burst = next;
    return false;
  }

  private Behavior<PeerCommand> save(Register request, Change change) {
    Standing standing = residence.standing();
    PeerRow stored = new PeerRow(id, request.uuid(), request.key(), request.address().ip());
    String before = standing.previousIp(stored.ip());
    return awaiting(
        saved(stored, standing.row(id), change),
        (held, why) -> {
          if (why != null) {
            around.warn("store", id, why);
            if (change == Change.IP) {
              accept(request, ""); // what is known stays as it is, so the next one is stored again
            } else {
              reply(request, Registered.refused(Result.SERVER_ERROR));
            }
            return;
          }
          residence.know(held);
          if (held.equals(Optional.of(stored))) {
            accept(request, before);
          } else {
            context.getSelf().tell(request); // another entity of the id was faster: judged anew
          }
        });
  }

  /** A peer that is known does not wait for a database that says nothing. */
  private CompletionStage<Optional<PeerRow>> saved(
      PeerRow stored, Optional<PeerRow> seen, Change change) {
    CompletionStage<Optional<PeerRow>> saved = around.store().save(stored, seen);
    return change == Change.IP
        ? saved.toCompletableFuture().copy().orTimeout(IP_PATIENCE, TimeUnit.MILLISECONDS)
        : saved;
  }

  private Behavior<PeerCommand> accept(Register request, String previousIp) {
    if (residence.standing().isOvertaken(request.home(), request.spokeAt())) {
      return reply(request, Registered.refused(Result.SERVER_ERROR)); // it has gone elsewhere
    }
    long epoch = residence.settle(request.home(), request.after(), request.spokeAt());
    return reply(request, Registered.accepted(previousIp, epoch));
  }

  private Behavior<PeerCommand> onAdopt(IdChange.Adopt adopt) {
    return awaiting(
        IdChange.rename(around.store(), id, adopt),
        (answer, why) -> {
          if (why == null) {
            residence.know(answer.row());
            adopt.replyTo().tell(new IdChange.Changed(answer.result()));
          } else {
            around.warn("rename to", id, why);
            adopt.replyTo().tell(new IdChange.Changed(Result.SERVER_ERROR));
          }
        });
  }

  /** Does nothing else until the database, or the other nodes, have answered. */
  private <T> Behavior<PeerCommand> awaiting(
      CompletionStage<T> call, BiConsumer<T, @Nullable Throwable> then) {
    context.pipeToSelf(call, (answer, why) -> new Done(() -> then.accept(answer, why)));
    return Behaviors.withStash(
        MAX_STASHED + 1, // the last place is for Stop
        stash ->
            Behaviors.receiveMessage(command -> {
              if (command instanceof Done(Runnable effect)) {
                effect.run();
                linger();
                return stash.unstashAll(Behaviors.receiveMessage(this::onCommand));
              }
              return keep(stash, command); // Stop too: what is promised is kept first
            }));
  }

  private Behavior<PeerCommand> keep(StashBuffer<PeerCommand> stash, PeerCommand command) {
    boolean hasPlace = stash.size() < MAX_STASHED || command instanceof Stop;
    if (hasPlace && !stash.isFull()) {
      stash.stash(command); // over the bound it is dropped: every asker asks again, but no shard
    }
    return Behaviors.same();
  }

  private Behavior<PeerCommand> reply(Register request, Registered answer) {
    request.replyTo().tell(answer);
    return Behaviors.same();
  }

  private void leave() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }
}
