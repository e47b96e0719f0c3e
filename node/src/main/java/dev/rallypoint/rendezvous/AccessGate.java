package dev.rallypoint.rendezvous;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.Asker;
import dev.rallypoint.access.Decision;
import dev.rallypoint.access.Permit;
import dev.rallypoint.access.Shown;
import dev.rallypoint.metrics.Refusal;
import dev.rallypoint.policy.TargetAnswer;
import dev.rallypoint.policy.access.Verdict;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.rendezvous.Attempt.Kind;
import dev.rallypoint.rendezvous.PunchAttempts.Delivered;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Locates the targets of one requester, and asks whether he may control them. Who may control
 * nothing hears that before a target is looked for; who may not control a target hears the same
 * whether it is there or not. A request that is repeated on the connection is not decided again.
 * All calls come from the connection's thread.
 */
final class AccessGate {
  private final ConnectionContext context;
  private final ClientLink link;
  private final Optional<AccessControl> access;
  private @Nullable Passed last;

  /** A target that the requester was let to. */
  private record Passed(String token, String switchCode, PeerId target, Permit permit) {
    boolean isOf(Shown shown, PeerId asked) {
      return token.equals(shown.token())
          && switchCode.equals(shown.switchCode())
          && target.equals(asked);
    }
  }

  AccessGate(ConnectionContext context, ClientLink link) {
    this.context = context;
    this.link = link;
    this.access = context.punch().control();
  }

  /**
   * Locates a target for a requester.
   *
   * @param then gets its location, and what it is told beside the request
   * @param otherwise gets why the requester may not control it
   */
  void locate(
      Shown shown, PeerId target, BiConsumer<Location, Permit> then, Consumer<Verdict> otherwise) {
    if (access.isEmpty()) {
      located(target, location -> then.accept(location, Permit.PLAIN));
      return;
    }
    Passed before = last;
    if (before != null && before.isOf(shown, target)) {
      located(target, location -> then.accept(location, before.permit));
      return;
    }
    after(
        access.get().identify(shown),
        asker -> {
          if (asker.refusal().isPresent()) {
            otherwise.accept(asker.refusal().get());
          } else {
            located(target, location -> decide(asker, target, location, then, otherwise));
          }
        });
  }

  private void decide(
      Asker asker,
      PeerId target,
      Location location,
      BiConsumer<Location, Permit> then,
      Consumer<Verdict> otherwise) {
    boolean isRegistered = location.presence() != Presence.UNKNOWN;
    after(
        access.orElseThrow().decide(asker, target, isRegistered),
        decision -> {
          if (decision.verdict().isAllowed()) {
            remember(asker.shown(), target, decision);
            then.accept(location, decision.permit());
          } else {
            otherwise.accept(decision.verdict());
          }
        });
  }

  private void remember(Shown shown, PeerId target, Decision decision) {
    if (decision.permit().reference().isPresent()) {
      last = new Passed(shown.token(), shown.switchCode(), target, decision.permit());
    }
  }

  private void located(PeerId target, Consumer<Location> then) {
    link.later(
        context.directory().locate(target),
        (location, failure) -> then.accept(Objects.requireNonNull(location)));
  }

  /** Goes on at once where the stage is complete, else on the connection's thread once it is. */
  private <T> void after(CompletionStage<T> stage, Consumer<T> then) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (future.isDone()) {
      then.accept(future.join());
    } else {
      link.later(stage, (value, failure) -> then.accept(Objects.requireNonNull(value)));
    }
  }

  /** The target has answered: the session begins. */
  void answered(Delivered delivered) {
    Attempt attempt = delivered.attempt();
    if (access.isPresent() && attempt.permit().reference().isPresent()) {
      String relay =
          attempt.kind() == Kind.RELAY
              ? attempt.session()
              : TargetAnswer.session(delivered.message());
      access.get().live().began(attempt.permit(), attempt.target(), link.address(), relay);
    }
  }

  /** What a refusal is counted as. */
  static Refusal counted(Kind kind, Verdict verdict) {
    return Refusal.valueOf(
        (kind == Kind.PUNCH ? "PUNCH_" : "RELAY_") + reason(verdict).toUpperCase(Locale.ROOT));
  }

  /** The reason of a refusal in access events. */
  static String reason(Verdict verdict) {
    return switch (verdict.reason()) {
      case LOGIN_ENDED -> "login_ended";
      case NOT_LOGGED_IN -> "not_logged_in";
      case ORGANIZATION_DISABLED, USER_DISABLED, DEVICE_DISABLED, DEVICE_UNAPPROVED -> "disabled";
      case NETWORK -> "network";
      case UNASSIGNED_DEVICE, NO_RULE -> "no_access";
      default -> "unchecked";
    };
  }
}
