package dev.rallypoint.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.jspecify.annotations.Nullable;

/**
 * How the entities of a node leave memory. An entity whose peer is registered has no timer of its
 * own: all of them are in one list, in the order in which their homes were confirmed, and those
 * that were not confirmed for {@link PeerState#FORGOTTEN_AFTER} are told so. Safe for all threads.
 */
final class EntityPassivation {
  private final Consumer<ActorContext<PeerCommand>> passivate;
  private @Nullable Member first;
  private @Nullable Member last;

  /**
   * @param passivate asks the shard of an entity to stop it
   */
  EntityPassivation(Consumer<ActorContext<PeerCommand>> passivate) {
    this.passivate = passivate;
  }

  /** Passivates as sharding has it: the shard keeps messages back until the entity has stopped. */
  static EntityPassivation byShards() {
    return new EntityPassivation(entity -> {
      org.apache.pekko.actor.ActorContext classic = Adapter.toClassic(entity);
      classic.parent().tell(new ShardRegion.Passivate(PeerCommand.Stop.INSTANCE), classic.self());
    });
  }

  /** An entity, with its place in the list. Those who hold its lock change the place. */
  abstract static class Member extends ExtensibleBehavior<PeerCommand> {
    private @Nullable Member before;
    private @Nullable Member after;
    private int confirmedSeconds;
    private boolean isListed;

    abstract ActorRef<PeerCommand> self();
  }

  void passivate(ActorContext<PeerCommand> entity) {
    passivate.accept(entity);
  }

  /**
   * The entity's peer is registered. Called by the entity only.
   *
   * @param millis when its home was confirmed last, by the monotonic clock
   */
  void confirm(Member entity, long millis) {
    int seconds = (int) (millis / 1_000);
    if (entity.isListed && entity.confirmedSeconds == seconds) {
      return;
    }
    synchronized (this) {
      unlink(entity);
      entity.confirmedSeconds = seconds;
      entity.isListed = true;
      entity.before = last;
      if (last == null) {
        first = entity;
      } else {
        last.after = entity;
      }
      last = entity;
    }
  }

  /** The entity's peer is not registered, or the entity stops. Called by the entity only. */
  void remove(Member entity) {
    if (entity.isListed) {
      synchronized (this) {
        unlink(entity);
      }
    }
  }

  /**
   * Takes entities out of the list that were not confirmed for long, at most so many at once, and
   * returns them. Each is to be sent {@link PeerCommand.Idle}, and lists itself again if it stays.
   */
  synchronized List<ActorRef<PeerCommand>> takeSilent(long nowMillis, int most) {
    List<ActorRef<PeerCommand>> silent = new ArrayList<>();
    int latest = (int) ((nowMillis - PeerState.FORGOTTEN_AFTER) / 1_000);
    while (first != null && silent.size() < most && first.confirmedSeconds - latest <= 0) {
      silent.add(first.self());
      unlink(first);
    }
    return silent;
  }

  private void unlink(Member entity) {
    if (!entity.isListed) {
      return;
    }
    if (entity.before == null) {
      first = entity.after;
    } else {
      entity.before.after = entity.after;
    }
    if (entity.after == null) {
      last = entity.before;
    } else {
      entity.after.before = entity.before;
    }
    entity.before = null;
    entity.after = null;
    entity.isListed = false;
  }
}
