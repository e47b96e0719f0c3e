package dev.rallypoint.registration;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ChosenId;
import dev.rallypoint.policy.limit.RegistrationThrottle;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.notice.IpChangeLog;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The actor that takes RegisterPk messages and asks the ids' entities. What they refuse, and ids
 * that nobody has yet, is limited per host; what proves itself is not, so that nobody can spend a
 * device's limit in its host's name.
 */
public final class Registrar {
  /** A message to the registrar. */
  public sealed interface Command {}

  /**
   * A RegisterPk. {@link QuestionLimits#beginClaim} must admit it before it is sent.
   *
   * @param homeIsLink whether that is a connection, whose peer is online until it closes
   * @param replyTo gets the verdict, when there is an answer for the client
   */
  public record Claim(
      RegisterPk message,
      PeerAddress from,
      ActorRef<Push> home,
      boolean homeIsLink,
      ActorRef<Verdict> replyTo)
      implements Command {}

  /** The verdict; a late one is OK after SERVER_ERROR, and only connections are sent it. */
  public record Verdict(Claim claim, Result result, boolean isLate)
      implements Link.HandlerMessage {}

  /** A connection is closed: its peer stays offline, whatever its claims under way still bring. */
  public record LinkClosed(ActorRef<Push> home) implements Command {}

  /** A RegisterPk with an old id: the device asks for another one. */
  public record Rename(RegisterPk message, PeerAddress from, ActorRef<Renamed> replyTo)
      implements Command {}

  /** The verdict on a {@link Rename}. */
  public record Renamed(Result result) implements Link.HandlerMessage {}

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
      Question question, @Nullable RegisterAnswer answer, CompletionStage<RegisterAnswer> whenever)
      implements Command {}

  private record AnsweredLate(Question question, @Nullable RegisterAnswer answer)
      implements Command {}

  /** A claim that an entity is asked about, with what the limits of new ids admitted before. */
  private record Question(Claim claim, Optional<NewId> admitted) {}

  private final ActorContext<Command> context;
  private final PeerDirectory directory;
  private final HostLimits limits;
  private final boolean mayChangeIds;
  private final IpChangeLog ipChanges = new IpChangeLog();
  private final Counters counters;
  private final RegistrationEvents events;
  private final LinkClaims linkClaims = new LinkClaims();

  private Registrar(
      ActorContext<Command> context,
      PeerDirectory directory,
      RendezvousSettings settings,
      Counters counters,
      Ticker clock) {
    this.context = context;
    this.directory = directory;
    this.mayChangeIds = settings.links().changeId();
    this.limits = new HostLimits(settings.registration(), counters, clock);
    this.counters = counters;
    this.events = new RegistrationEvents(counters);
  }

  /**
   * The actor's behavior. A command that it fails to carry out is dropped and counted: at most
   * counts are wrong then, and clients send the commands.
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
        faults.isDone("a registration", () -> registrar.onCommand(command));
        return Behaviors.same();
      });
    });
  }

  private void onCommand(Command command) {
    switch (command) {
      case Claim claim -> endUnlessAsked(claim, true, () -> onClaim(claim));
      case Answered answered ->
          endUnlessAsked(
              answered.question.claim, answered.answer != null, () -> onAnswered(answered));
      case AnsweredLate(Question question, RegisterAnswer answer) -> {
        Claim claim = question.claim;
        boolean isOpen = isOpenAfter(question, answer);
        if (isOpen && claim.homeIsLink && answer != null && answer.isAccepted()) {
          claim.replyTo.tell(new Verdict(claim, Result.OK, true));
        }
      }
      case LinkClosed(ActorRef<Push> home) -> linkClaims.close(home);
      case Rename rename -> onRename(rename);
      case ShowHosts show -> show.replyTo.tell(limits.show(show));
      case ShowIpChanges(int most, boolean forget, ActorRef<Map<PeerId, Integer>> replyTo) ->
          replyTo.tell(ipChanges.most(most, forget));
      case ShowIpsOf(PeerId id, boolean forget, ActorRef<Map<String, Integer>> replyTo) ->
          replyTo.tell(ipChanges.of(id, forget));
    }
  }

  /** Ends a claim after a step, also one that fails, unless that has asked an entity about it. */
  private void endUnlessAsked(Claim claim, boolean isInTime, BooleanSupplier step) {
    boolean isAsked = false;
    try {
      isAsked = step.getAsBoolean();
    } finally {
      if (!isAsked) {
        directory.limits().endClaim(claim.from, isInTime);
      }
    }
  }

  private boolean onClaim(Claim claim) {
    RegisterPk message = claim.message;
    Optional<PeerId> id = PeerId.parse(message.getId());
    if (message.getUuid().isEmpty() || message.getPk().isEmpty()) {
      counters.dropped(DropReason.REGISTRATION_MALFORMED);
    } else if (id.isEmpty()) {
      reply(
          claim,
          refusal(
              claim, message.getId().isEmpty() ? Result.UUID_MISMATCH : Result.INVALID_ID_FORMAT));
    } else if (!id.get().isRegistrable()) {
      reply(
          claim,
          refusal(
              claim, Result.UUID_MISMATCH)); // the client then draws an id that can be registered
    } else {
      return ask(claim, id.get(), Optional.empty());
    }
    return false;
  }

  private boolean ask(Claim claim, PeerId id, Optional<NewId> admitted) {
    CompletionStage<RegisterAnswer> whenever =
        directory.register(id, claim.message, claim.from, admitted, claim.home, claim.homeIsLink);
    if (claim.homeIsLink) {
      linkClaims.begin(claim.home);
    }
    context.pipeToSelf(
        directory.inTime(whenever),
        (answer, late) -> new Answered(new Question(claim, admitted), answer, whenever));
    return true;
  }

  private boolean onAnswered(Answered answered) {
    Claim claim = answered.question.claim;
    RegisterAnswer answer = answered.answer;
    if (answer == null) {
      reply(claim, Result.SERVER_ERROR); // it tries again
      context.pipeToSelf(
          answered.whenever, (late, failure) -> new AnsweredLate(answered.question, late));
      return false;
    }
    if (!isOpenAfter(answered.question, answer)) {
      return false;
    }
    PeerId id = new PeerId(claim.message.getId());
    switch (answer.outcome()) {
      case IGNORED -> counters.dropped(DropReason.REGISTRATION_MALFORMED);
      case JUDGED -> {
        Result result = answer.result();
        reply(claim, result == Result.UUID_MISMATCH ? refusal(claim, result) : result);
      }
      case NEEDS_ADMISSION -> {
        NewId admitted = limits.admitNewId(claim.from, claim.homeIsLink, id);
        if (admitted != NewId.REFUSED) {
          return ask(claim, id, Optional.of(admitted));
        }
        reply(claim, Result.TOO_FREQUENT);
      }
    }
    return false;
  }

  /** An entity has answered: counts it; false when the connection has closed meanwhile. */
  private boolean isOpenAfter(Question question, @Nullable RegisterAnswer answer) {
    Claim claim = question.claim;
    PeerId id = new PeerId(claim.message.getId());
    if (answer != null && answer.isAccepted()) {
      events.accepted(claim, question.admitted, answer);
      if (!answer.previousIp().isEmpty()) {
        ipChanges.record(id, answer.previousIp(), claim.from.ip());
      }
    }
    boolean isClosed = claim.homeIsLink && linkClaims.end(claim.home);
    if (isClosed) {
      directory.leave(id, claim.from, claim.home);
    }
    return !isClosed;
  }

  private void onRename(Rename rename) {
    RegisterPk message = rename.message;
    Optional<PeerId> old = PeerId.parse(message.getOldId());
    if (!mayChangeIds) {
      reply(rename, Result.NOT_SUPPORT);
    } else if (!limits.admits(rename.from, true)) {
      reply(rename, Result.TOO_FREQUENT);
    } else if (!ChosenId.isWellFormed(message.getId())) {
      reply(rename, Result.INVALID_ID_FORMAT);
    } else if (old.isEmpty() || !DeviceUuid.isValid(message.getUuid())) {
      reply(rename, Result.UUID_MISMATCH);
    } else {
      PeerId chosen = new PeerId(message.getId());
      if (limits.admitNewId(rename.from, true, chosen) != NewId.STORED) {
        reply(rename, Result.TOO_FREQUENT);
        return;
      }
      directory
          .rename(old.get(), chosen, message, rename.from)
          .exceptionally(late -> Result.SERVER_ERROR)
          .thenAccept(result -> reply(rename, result));
    }
  }

  private Result refusal(Claim claim, Result result) {
    return limits.refusal(claim.from, claim.homeIsLink, result);
  }

  private void reply(Claim claim, Result result) {
    events.answered(claim, result);
    claim.replyTo.tell(new Verdict(claim, result, false));
  }

  private void reply(Rename rename, Result result) {
    events.answered(rename, result);
    rename.replyTo.tell(new Renamed(result));
  }
}
