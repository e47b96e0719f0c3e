package dev.rallypoint.registration;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ChosenId;
import dev.rallypoint.policy.RegistrationThrottle;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Push;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The actor of a node that takes RegisterPk messages: it keeps the limits per host, and asks the
 * id's entity for the result. One per node.
 */
public final class Registrar {

  /** Messages to the registrar. */
  public sealed interface Command {}

  /**
   * A RegisterPk.
   *
   * @param home what writes to the peer
   * @param homeIsLink whether the peer is online as long as its home lives, until it is left
   */
  public record Claim(
      RegisterPk message,
      PeerAddress from,
      ActorRef<Push> home,
      boolean homeIsLink,
      Claimant claimant)
      implements Command {}

  /** Who waits for the verdict on a RegisterPk. */
  @FunctionalInterface
  public interface Claimant {
    /** The verdict, once; not called where the client is to hear nothing. */
    void onVerdict(Result result);

    /** The peer is at home after all, though the verdict was SERVER_ERROR for want of an answer. */
    default void onLateAcceptance() {}
  }

  /**
   * A RegisterPk with an old id: the device wants another one.
   *
   * @param answer takes the verdict
   */
  public record Rename(RegisterPk message, PeerAddress from, Consumer<Result> answer)
      implements Command {}

  /** For the console: the busiest hosts, or one; and whether to forget what was shown. */
  public record ShowHosts(
      Optional<PeerAddress> host,
      int most,
      boolean forget,
      ActorRef<List<RegistrationThrottle.HostUsage>> replyTo)
      implements Command {}

  /** For the console: the ids that changed their ip most often. */
  public record ShowIpChanges(int most, boolean forget, ActorRef<Map<PeerId, Integer>> replyTo)
      implements Command {}

  /** For the console: the ips one id came from. */
  public record ShowIpsOf(PeerId id, boolean forget, ActorRef<Map<String, Integer>> replyTo)
      implements Command {}

  private record Answered(
      Claim claim, @Nullable RegisterAnswer answer, CompletionStage<RegisterAnswer> whenever)
      implements Command {}

  private record AnsweredLate(Claim claim, RegisterAnswer answer) implements Command {}

  private final ActorContext<Command> context;
  private final PeerDirectory directory;
  private final RegistrationThrottle throttle;
  private final boolean mayChangeIds;
  private final IpChangeLog ipChanges = new IpChangeLog();
  private final Counters counters;
  private final Ticker clock;

  private Registrar(
      ActorContext<Command> context,
      PeerDirectory directory,
      RendezvousSettings settings,
      Counters counters,
      Ticker clock) {
    this.context = context;
    this.directory = directory;
    this.mayChangeIds = settings.links().changeId();
    this.throttle = new RegistrationThrottle(settings.registration());
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * The registrar of a node. A command that it fails to carry out is dropped and counted: the only
   * state that this may leave half changed are counts.
   */
  public static Behavior<Command> create(
      PeerDirectory directory,
      RendezvousSettings settings,
      Counters counters,
      HandlerFaults faults,
      Ticker clock) {
    return Behaviors.setup(context -> {
      Registrar registrar = new Registrar(context, directory, settings, counters, clock);
      return Behaviors.receiveMessage(command -> {
        boolean isDone = faults.isDone("a registration", () -> registrar.onCommand(command));
        if (!isDone && (command instanceof Claim || command instanceof Answered)) {
          directory.endClaim();
        }
        return Behaviors.same();
      });
    });
  }

  private void onCommand(Command command) {
    switch (command) {
      case Claim claim -> onClaim(claim);
      case Answered answered -> onAnswered(answered);
      case AnsweredLate(Claim claim, RegisterAnswer answer) -> {
        if (answer.isAccepted()) {
          onAccepted(claim, answer);
          claim.claimant.onLateAcceptance();
        }
      }
      case Rename rename -> onRename(rename);
      case ShowHosts show -> onShowHosts(show);
      case ShowIpChanges(int most, boolean forget, ActorRef<Map<PeerId, Integer>> replyTo) -> {
        Map<PeerId, Integer> shown = new LinkedHashMap<>();
        ipChanges.most(most).forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
        if (forget) {
          ipChanges.forgetAll();
        }
        replyTo.tell(shown);
      }
      case ShowIpsOf(PeerId id, boolean forget, ActorRef<Map<String, Integer>> replyTo) -> {
        replyTo.tell(ipChanges.of(id).orElse(Map.of()));
        if (forget) {
          ipChanges.forget(id);
        }
      }
    }
  }

  private void onClaim(Claim claim) {
    RegisterPk message = claim.message;
    Optional<PeerId> id = PeerId.parse(message.getId());
    if (message.getUuid().isEmpty() || message.getPk().isEmpty()) {
      drop();
    } else if (!throttle.admits(claim.from, clock.millis())) {
      refuse(claim, Result.TOO_FREQUENT);
    } else if (id.isEmpty()) {
      refuse(claim, message.getId().isEmpty() ? Result.UUID_MISMATCH : Result.INVALID_ID_FORMAT);
    } else if (!id.get().isRegistrable()) {
      refuse(claim, Result.UUID_MISMATCH); // the client then draws an id that can be registered
    } else {
      ask(claim, id.get(), false);
    }
  }

  private void ask(Claim claim, PeerId id, boolean mayCreate) {
    CompletionStage<RegisterAnswer> whenever =
        directory.register(id, claim.message, claim.from, mayCreate, claim.home, claim.homeIsLink);
    context.pipeToSelf(
        directory.inTime(whenever), (answer, late) -> new Answered(claim, answer, whenever));
  }

  private void onAnswered(Answered answered) {
    Claim claim = answered.claim;
    RegisterAnswer answer = answered.answer;
    if (answer == null) {
      ActorRef<Command> self = context.getSelf();
      answered.whenever.thenAccept(late -> self.tell(new AnsweredLate(claim, late)));
      answer(claim, Result.SERVER_ERROR); // the client tries again in 15 s
      return;
    }
    PeerId id = new PeerId(claim.message.getId());
    switch (answer.outcome()) {
      case IGNORED -> drop();
      case NEEDS_ADMISSION -> {
        if (throttle.admitsNewId(claim.from, id, clock.millis())) {
          ask(claim, id, true);
        } else {
          refuse(claim, Result.TOO_FREQUENT);
        }
      }
      case JUDGED -> {
        if (answer.result() != Result.OK) {
          refuse(claim, answer.result());
          return;
        }
        onAccepted(claim, answer);
        answer(claim, Result.OK);
      }
    }
  }

  private void onAccepted(Claim claim, RegisterAnswer answer) {
    if (!answer.previousIp().isEmpty()) {
      PeerId id = new PeerId(claim.message.getId());
      ipChanges.record(id, answer.previousIp(), claim.from.ip());
    }
    counters.count(Event.REGISTRATIONS_ACCEPTED);
  }

  private void onRename(Rename rename) {
    RegisterPk message = rename.message;
    Optional<PeerId> old = PeerId.parse(message.getOldId());
    if (!mayChangeIds) {
      refuse(rename.answer, Result.NOT_SUPPORT);
    } else if (!throttle.admits(rename.from, clock.millis())) {
      refuse(rename.answer, Result.TOO_FREQUENT);
    } else if (!ChosenId.isWellFormed(message.getId())) {
      refuse(rename.answer, Result.INVALID_ID_FORMAT);
    } else if (old.isEmpty() || !DeviceUuid.isValid(message.getUuid())) {
      refuse(rename.answer, Result.UUID_MISMATCH);
    } else {
      PeerId chosen = new PeerId(message.getId());
      if (!throttle.admitsNewId(rename.from, chosen, clock.millis())) {
        refuse(rename.answer, Result.TOO_FREQUENT);
        return;
      }
      directory
          .rename(old.get(), chosen, message.getUuid())
          .exceptionally(late -> Result.SERVER_ERROR)
          .thenAccept(result -> {
            if (result == Result.OK) {
              counters.count(Event.IDS_CHANGED);
              rename.answer.accept(result);
            } else {
              refuse(rename.answer, result);
            }
          });
    }
  }

  private void drop() {
    counters.dropped(DropReason.REGISTRATION_MALFORMED);
    directory.endClaim();
  }

  private void refuse(Claim claim, Result result) {
    refuse(verdict -> answer(claim, verdict), result);
  }

  private void answer(Claim claim, Result result) {
    claim.claimant.onVerdict(result);
    directory.endClaim(); // last: when the line above fails, it ends as a fault
  }

  private void refuse(Consumer<Result> answer, Result result) {
    counters.count(Event.REGISTRATIONS_REFUSED);
    if (result == Result.TOO_FREQUENT) {
      counters.dropped(DropReason.REGISTRATION_TOO_FREQUENT);
    }
    answer.accept(result);
  }

  private void onShowHosts(ShowHosts show) {
    long now = clock.millis();
    show.replyTo.tell(
        show.host
            .map(host -> throttle.host(host, now).map(List::of).orElse(List.of()))
            .orElseGet(() -> throttle.hosts(show.most, now)));
    if (show.forget) {
      show.host.ifPresentOrElse(throttle::forget, throttle::forgetAll);
    }
  }
}
