package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the role of B: its link is the peer's home. The peer is online as long as the
 * link lives, under one id at a time; pushes go down the link. All calls come from the link, except
 * for the registrar's verdicts.
 */
final class Registrant {
  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private final ActorRef<Object> link;
  private final ActorRef<Push> home;
  private final Consumer<RendezvousMessage> send;
  private @Nullable RegisterPk accepted;
  private @Nullable PeerId held;
  private @Nullable PeerId asked;
  private volatile boolean isClosed;

  /**
   * @param link takes the pushes too
   */
  Registrant(
      Rendezvous rendezvous,
      PeerAddress from,
      ActorRef<Object> link,
      Consumer<RendezvousMessage> send) {
    this.rendezvous = rendezvous;
    this.from = from;
    this.link = link;
    this.home = link.narrow();
    this.send = send;
  }

  /** Whether a RegisterPk gets a verdict at all, rather than being nothing a client sends. */
  static boolean isClaim(RegisterPk message) {
    return DeviceUuid.isValid(message.getUuid()) && message.getPk().size() == PublicKey.LENGTH;
  }

  void onClaim(RegisterPk message) {
    PeerId id = PeerId.parse(message.getId()).orElse(null);
    if (message.equals(accepted) && id != null && rendezvous.directory().isCurrent(id, home)) {
      // Clients 1.2.4 to 1.3.9 say it every 15 s for ever: no limit may count that.
      rendezvous.counters().count(Event.HEARTBEATS_FROM_LEASE);
      answer(Result.OK);
      return;
    }
    if (!rendezvous.directory().beginClaim()) {
      answer(Result.SERVER_ERROR); // the client waits for an answer, and tries again
      return;
    }
    if (asked != null && !asked.equals(id) && !asked.equals(held)) {
      leave(asked); // what became of that claim was never heard
    }
    asked = id;
    rendezvous
        .registrar()
        .tell(new Registrar.Claim(message, from, home, true, claimant(message, id)));
  }

  /** Called on the registrar's thread. The link may be gone meanwhile. */
  private Registrar.Claimant claimant(RegisterPk message, @Nullable PeerId id) {
    return new Registrar.Claimant() {
      @Override
      public void onVerdict(Result result) {
        perform(() -> onJudged(message, id, result));
      }

      @Override
      public void onLateAcceptance() {
        perform(() -> onAcceptedLate(message, id));
      }

      private void perform(Runnable effect) {
        if (isClosed) {
          leave(id);
        } else {
          link.tell(new Link.Perform(effect));
        }
      }
    };
  }

  private void onJudged(RegisterPk message, @Nullable PeerId id, Result result) {
    if (result != Result.SERVER_ERROR) {
      asked = null; // else the entity may not have answered in time, and take the claim later
    }
    if (result == Result.OK) {
      hold(message, id);
    }
    answer(result);
  }

  /** The client, which has its answer, hears it when it claims again. */
  private void onAcceptedLate(RegisterPk message, @Nullable PeerId id) {
    if (id != null && id.equals(asked)) {
      hold(message, id);
    } else if (id != null && !id.equals(held)) {
      leave(id); // the device has claimed another id since
    }
  }

  private void hold(RegisterPk message, @Nullable PeerId id) {
    if (held != null && !held.equals(id)) {
      leave(held); // the device has another id now
    }
    held = id;
    accepted = message;
  }

  private void answer(Result result) {
    send.accept(Replies.registerPk(result, rendezvous.keepAlive().seconds()));
    link.tell(new Link.Ready());
  }

  /** The client answered a heartbeat. */
  void onEcho() {
    PeerId id = held;
    if (id != null) {
      rendezvous
          .directory()
          .renew(id, from, home)
          .thenRun(() -> {
            if (isClosed) {
              leave(id);
            }
          });
    }
  }

  /** The link is gone, and the peer is offline at once. */
  void close() {
    isClosed = true;
    leave(held);
    if (!rendezvous.directory().beginClaim()) {
      answer(Result.SERVER_ERROR); // the client waits for an answer, and tries again
      return;
    }
    if (asked != null && !asked.equals(held)) {
      leave(asked);
    }
  }

  private void leave(@Nullable PeerId id) {
    if (id != null) {
      rendezvous.directory().leave(id, from, home);
    }
  }
}
