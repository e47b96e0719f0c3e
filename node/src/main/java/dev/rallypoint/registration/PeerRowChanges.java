package dev.rallypoint.registration;

import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerCommand.Renamed;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Changes the row of an entity's id: in the database, or, while the id is provisional, in the
 * entity's memory only. Used by its entity only.
 */
final class PeerRowChanges {
  /** Milliseconds that the storing of an ip is awaited; the client waits for three seconds. */
  private static final long IP_SAVE_TIMEOUT = 2_000;

  private final Entity entity;
  private final StashingAwait await;
  private final PeerId id;
  private final ActorRef<PeerCommand> self;
  private final RegistrationContext context;
  private final ProvisionalPeer provisional;

  /** The entity, whose state the row is a part of. */
  interface Entity {
    PeerState state();

    void become(PeerState next);

    /** Changes the state, and has the home that was displaced end its lease. */
    void apply(Move move);

    /** Registers the peer and answers. */
    Behavior<PeerCommand> accept(Register request, String previousIp, Change change);
  }

  PeerRowChanges(
      Entity entity,
      StashingAwait await,
      PeerId id,
      ActorRef<PeerCommand> self,
      RegistrationContext context) {
    this.entity = entity;
    this.await = await;
    this.id = id;
    this.self = self;
    this.context = context;
    this.provisional = new ProvisionalPeer(id, self, context.provisional());
  }

  /** Whether the row is in the database. */
  boolean isStored() {
    return entity.state().stored() != null && !provisional.isPresent();
  }

  /** Whether the row is in memory only. */
  boolean isProvisional() {
    return provisional.isPresent();
  }

  /** Also a provisional row does when the peer comes by a connection, which may have it stored. */
  boolean needsAdmission(Register request) {
    return !isStored()
        && !request.mayCreate()
        && !request.isProvisional()
        && (request.contact().home().isLink() || !provisional.isPresent());
  }

  Behavior<PeerCommand> acceptProvisional(Register request) {
    PeerState before = entity.state();
    entity.become(before.with(Optional.of(row(request))));
    provisional.register(request.contact(), before.epoch(), context.clock().millis());
    return entity.accept(request, "", Change.IDENTITY);
  }

  /**
   * A heartbeat or a renewal was taken, if it came from the peer's home: stores a provisional row
   * once its peer has kept beating.
   *
   * @param epoch the greatest epoch of the id before that
   */
  Behavior<PeerCommand> hear(Contact contact, long epoch) {
    long now = context.clock().millis();
    if (!provisional.isPresent() || !contact.home().equals(entity.state().home())) {
      return Behaviors.same();
    }
    provisional.hear(contact, epoch, now);
    return provisional.isDue(now) ? storeProvisional(failure -> {}) : Behaviors.same();
  }

  private Behavior<PeerCommand> storeProvisional(Consumer<@Nullable Throwable> then) {
    Optional<PeerRow> row = entity.state().row(id);
    return await.answer(
        context.store().save(row.orElseThrow(), Optional.empty()),
        (stored, failure) -> {
          if (failure != null) {
            context.warn("store", id, failure);
          } else {
            if (!stored.equals(row)) {
              evict(); // another node stored another device first
            }
            provisional.end();
            entity.become(entity.state().with(stored));
          }
          then.accept(failure);
          return Behaviors.same();
        });
  }

  /** Forgets a provisional row, and has its peer asked for its key. */
  void evict() {
    if (provisional.isPresent()) {
      provisional.end();
      entity.apply(entity.state().release());
    }
  }

  /** Forgets a provisional row whose peer is not registered any more. */
  void forgetWithoutHome() {
    if (provisional.isPresent() && entity.state().home() == null) {
      provisional.end();
      entity.become(entity.state().with(Optional.empty()));
    }
  }

  private PeerRow row(Register request) {
    return new PeerRow(id, request.uuid(), request.key(), request.address().ip());
  }

  Behavior<PeerCommand> save(Register request, Change change) {
    PeerRow row = row(request);
    PeerState before = entity.state();
    String previousIp = before.previousIp(row.ip());
    CompletionStage<Optional<PeerRow>> saved =
        context.store().save(row, isStored() ? before.row(id) : Optional.empty());
    if (change == Change.IP) { // a known peer does not wait for a database that does not answer
      saved = saved.toCompletableFuture().copy().orTimeout(IP_SAVE_TIMEOUT, TimeUnit.MILLISECONDS);
    }
    return await.answer(
        saved,
        (now, failure) -> {
          if (failure != null) {
            context.warn("store", id, failure);
            if (change == Change.IP) {
              // The state stays: the next one is stored again.
              return entity.accept(request, "", change);
            }
            request.replyTo().tell(RegisterAnswer.refused(Result.SERVER_ERROR));
            return Behaviors.same();
          }
          provisional.end();
          entity.become(entity.state().with(now));
          if (now.equals(Optional.of(row))) {
            return entity.accept(request, previousIp, change);
          }
          self.tell(request); // another node stored a row first: judge again
          return Behaviors.same();
        });
  }

  /** To the old id's entity: whether this sender may give the id away. */
  Behavior<PeerCommand> judgeRename(PeerCommand.JudgeRename judge) {
    boolean mayRename = entity.state().mayRename(judge.uuid(), judge.key(), judge.from());
    if (mayRename && provisional.isPresent()) {
      return storeProvisional(failure ->
          judge.replyTo().tell(new Renamed(failure == null ? Result.OK : Result.SERVER_ERROR)));
    }
    judge.replyTo().tell(new Renamed(mayRename ? Result.OK : Result.UUID_MISMATCH));
    return Behaviors.same();
  }

  /** The new id's entity does it, between its own saves, so that no two devices get one id. */
  Behavior<PeerCommand> rename(PeerCommand.Rename rename) {
    PeerStore store = context.store();
    return await.answer(
        store
            .rename(rename.oldId(), id, rename.uuid())
            .thenCompose(result -> store.find(id).thenApply(row -> Map.entry(result, row))),
        (renamed, failure) -> {
          if (failure == null) {
            if (renamed.getValue().isPresent()) {
              evict(); // the row in the database is what counts
              entity.become(entity.state().with(renamed.getValue()));
            } else if (!provisional.isPresent()) {
              entity.become(entity.state().with(Optional.empty()));
            }
            rename.replyTo().tell(Renamed.of(renamed.getKey()));
          } else {
            context.warn("rename to", id, failure);
            rename.replyTo().tell(new Renamed(Result.SERVER_ERROR));
          }
          return Behaviors.same();
        });
  }

  /** The peer's messages wait meanwhile, and after it the peer is asked for its key. */
  Behavior<PeerCommand> letGo(PeerCommand.LetGo letGo) {
    Optional<PeerRow> row = entity.state().row(id);
    if (!isStored() || entity.state().home() != null) {
      letGo.replyTo().tell(new PeerCommand.LetGone(false));
      return Behaviors.same();
    }
    return await.answer(
        context
            .homes()
            .findLeases(id)
            .thenCompose(found ->
                found.isComplete() && found.leases().isEmpty()
                    ? context.store().letGo(row.orElseThrow())
                    : CompletableFuture.completedStage(false)),
        (isGone, failure) -> {
          boolean isDone = failure == null && isGone;
          if (isDone) {
            entity.apply(entity.state().release());
          }
          letGo.replyTo().tell(new PeerCommand.LetGone(isDone));
          return Behaviors.same();
        });
  }

  /** An operator's order; the peer's messages wait meanwhile. */
  Behavior<PeerCommand> free(PeerCommand.Free free) {
    Optional<PeerRow> row = entity.state().row(id);
    if (row.isEmpty()) {
      return answer(free, FreeOutcome.UNKNOWN);
    }
    if (!free.evenOnline() && entity.state().home() != null) {
      return answer(free, FreeOutcome.ONLINE);
    }
    if (!free.evenOnline() && entity.state().location().presence() != Presence.OFFLINE) {
      return answer(
          free, FreeOutcome.UNAVAILABLE); // it may be online on a node that did not answer
    }
    if (!isStored()) {
      evict();
      return answer(free, FreeOutcome.FREED);
    }
    return await.answer(
        context.store().remove(row.get()),
        (isGone, failure) -> {
          if (failure != null) {
            context.warn("delete", id, failure);
          }
          boolean isDone = failure == null && isGone;
          if (isDone) {
            entity.apply(entity.state().release());
          }
          return answer(free, isDone ? FreeOutcome.FREED : FreeOutcome.UNAVAILABLE);
        });
  }

  private static Behavior<PeerCommand> answer(PeerCommand.Free free, FreeOutcome outcome) {
    free.replyTo().tell(new PeerCommand.Freed(outcome));
    return Behaviors.same();
  }
}
