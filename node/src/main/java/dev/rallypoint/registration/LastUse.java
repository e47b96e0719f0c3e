package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the last day on which each peer was online. Peers that register are noted within a minute,
 * those that stay registered every six hours: one row in a page of 500 each, a page a second at
 * most. What the database does not take is noted at the next look. Safe for all threads.
 */
final class LastUse {
  private static final Duration NEWS = Duration.ofMinutes(1);
  private static final Duration ALL = Duration.ofHours(6);
  private static final Duration PAGE_GAP = Duration.ofSeconds(1);
  private static final int PAGE = 500;

  /** Peers that registered since the last page; in a storm the look at all of them has the rest. */
  private static final int MAX_NEW = 50_000;

  private final Set<PeerId> registered = ConcurrentHashMap.newKeySet();
  private final LeaseBook leases;
  private final PeerStore store;

  enum Command {
    NEWS,
    ALL,
    NEXT
  }

  LastUse(LeaseBook leases, PeerStore store) {
    this.leases = leases;
    this.store = store;
  }

  /** Starts the actor that writes the days. */
  static LastUse start(ActorSystem<?> system, LeaseBook leases, PeerStore store) {
    LastUse lastUse = new LastUse(leases, store);
    system.systemActorOf(lastUse.upkeep(), "last-use", Props.empty());
    return lastUse;
  }

  /** A peer has registered here. */
  void onRegistered(PeerId id) {
    if (registered.size() < MAX_NEW) {
      registered.add(id);
    }
  }

  /** The actor that writes the days. */
  Behavior<Command> upkeep() {
    Behavior<Command> upkeep =
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(Command.NEWS, NEWS);
          timers.startTimerWithFixedDelay(Command.ALL, ALL);
          return noting(timers, Collections.emptyIterator());
        });
    return Behaviors.supervise(upkeep).onFailure(SupervisorStrategy.restart());
  }

  private Behavior<Command> noting(TimerScheduler<Command> timers, Iterator<PeerId> all) {
    return Behaviors.receiveMessage(command -> {
      Iterator<PeerId> left = command == Command.ALL ? leases.ids() : all;
      Iterator<PeerId> news = registered.iterator();
      List<PeerId> page = new ArrayList<>();
      while (page.size() < PAGE && news.hasNext()) {
        page.add(news.next());
        news.remove();
      }
      while (page.size() < PAGE && left.hasNext()) {
        page.add(left.next());
      }
      if (!page.isEmpty()) {
        var unused = store.markInUse(page);
      }
      if (page.size() == PAGE) {
        timers.startSingleTimer(Command.NEXT, PAGE_GAP);
      }
      return noting(timers, left);
    });
  }
}
