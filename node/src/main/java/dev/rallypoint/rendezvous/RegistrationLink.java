package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Push;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a peer registered over with RegisterPk. The peer is online as long as the
 * connection is open, under one id at a time, and gets its pushes over it. All calls come from the
 * connection's thread.
 */
final class RegistrationLink {
  private final ClientLink link;
  private final PeerDirectory directory;
  private final ActorRef<Registrar.Command> registrar;
  private final int keepAliveSeconds;
  private final Counters counters;
  private final ActorRef<Push> home;
  private @Nullable RegisterPk accepted;

  /** The id that the peer has here. */
  private @Nullable PeerId registered;

  /** The id of the last RegisterPk that may still be accepted. */
  private @Nullable PeerId requested;

  private CompletableFuture<Done> renewal = CompletableFuture.completedFuture(Done.getInstance());

  /** A connection whose client is told to expect a heartbeat within so many seconds. */
  RegistrationLink(
      ClientLink link,
      PeerDirectory directory,
      ActorRef<Registrar.Command> registrar,
      int keepAliveSeconds,
      Counters counters) {
    this.link = link;
    this.directory = directory;
    this.registrar = registrar;
    this.keepAliveSeconds = keepAliveSeconds;
    this.counters = counters;
    this.home = link.ref().narrow();
  }

  /** Whether a RegisterPk has the form that clients send; another one gets no answer. */
  static boolean isWellFormed(RegisterPk message) {
    return DeviceUuid.isValid(message.getUuid()) && message.getPk().size() == PublicKey.LENGTH;
  }

  /** Whether a peer was registered here. */
  boolean isRegistered() {
    return registered != null;
  }

  void onRegisterPk(RegisterPk message) {
    PeerId id = PeerId.parse(message.getId()).orElse(null);
    if (message.equals(accepted) && id != null && directory.isCurrent(id, home)) {
      // Clients 1.2.4 to 1.3.9 repeat it every 15 s, so no limit may count it.
      counters.count(Event.HEARTBEATS_FROM_LEASE);
      answer(Result.OK);
      return;
    }
    if (!directory.limits().beginClaim(link.address(), Way.CONNECTION)) {
      answer(Result.SERVER_ERROR); // the client sends it again later
      return;
    }
    if (requested != null && !requested.equals(id) && !requested.equals(registered)) {
      leave(requested); // its verdict never came
    }
    requested = id;
    registrar.tell(new Registrar.Claim(message, link.address(), home, true, link.ref().narrow()));
  }

  /** The registrar's verdict on a RegisterPk of this connection. */
  void onVerdict(Registrar.Verdict verdict) {
    RegisterPk message = verdict.claim().message();
    PeerId id = PeerId.parse(message.getId()).orElse(null);
    if (verdict.isLate()) {
      onAcceptedLate(message, id);
      return;
    }
    if (verdict.result() != Result.SERVER_ERROR) {
      requested = null; // after SERVER_ERROR it may still be accepted, late
    }
    if (verdict.result() == Result.OK) {
      register(message, id);
    }
    answer(verdict.result());
  }

  /** The client has its answer already. It gets OK when it sends the RegisterPk again. */
  private void onAcceptedLate(RegisterPk message, @Nullable PeerId id) {
    if (id != null && id.equals(requested)) {
      register(message, id);
    } else if (id != null && !id.equals(registered)) {
      leave(id); // the device has asked for another id since
    }
  }

  private void register(RegisterPk message, @Nullable PeerId id) {
    if (registered != null && !registered.equals(id)) {
      leave(registered); // the device has another id now
    }
    registered = id;
    accepted = message;
  }

  private void answer(Result result) {
    link.send(Replies.registerPk(result, keepAliveSeconds));
    link.ready();
  }

  /** The client answered a heartbeat. */
  void onHeartbeatAnswered() {
    if (registered != null && renewal.isDone()) {
      renewal = directory.renew(registered, link.address(), home).toCompletableFuture();
    }
  }

  /** The connection is closed, and the peer is offline at once. */
  void close() {
    registrar.tell(new Registrar.LinkClosed(home));
    PeerId last = registered;
    boolean isRenewing = !renewal.isDone();
    leave(last);
    if (requested != null && !requested.equals(last)) {
      leave(requested);
    }
    if (isRenewing) {
      renewal.thenRun(() -> leave(last)); // it may have registered the peer here once more
    }
  }

  private void leave(@Nullable PeerId id) {
    if (id != null) {
      directory.leave(id, link.address(), home);
    }
  }
}
