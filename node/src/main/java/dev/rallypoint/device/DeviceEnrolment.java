package dev.rallypoint.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import dev.rallypoint.config.access.Enrolment;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceRegistrationTable.Registration;
import dev.rallypoint.store.account.DeviceStateTable;
import dev.rallypoint.store.account.DeviceStateTable.Known;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Lets devices have new ids, as the setting {@code enrolment} has it. Devices that are to be
 * approved wait in the list of devices: at most 1,000, those that came last, and 100 of one ip.
 * Safe for all threads.
 */
public final class DeviceEnrolment {
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_OF_IP = 100;
  private static final int MOST_QUESTIONS = 16;
  private static final int MOST_REMEMBERED = 20_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  private final DeviceParts parts;
  private final RefusedDevices states;
  private final Enrolment mode;
  private final ApiPace pace;
  private final Ticker ticker;
  private final Semaphore questions = new Semaphore(MOST_QUESTIONS);

  /** Ids that were refused just now, so that their devices cost the database nothing. */
  private final Cache<String, Answer> remembered;

  /** What a device with a new id is told. */
  public enum Answer {
    /** It may have the id. */
    ADMITTED,
    /** It waits, or is to be deployed. */
    WAITING,
    /** The id is another device's. */
    FOREIGN
  }

  /** What a device is told that is deployed, in the words of the client. */
  public enum Deployed {
    /** It may register now. */
    OK,
    /** Devices need not be deployed here. */
    NOT_ENABLED,
    /** The id, uuid or key is malformed. */
    INVALID_INPUT,
    /** The id is another device's. */
    ID_TAKEN
  }

  /** The enrolment of a node. */
  public DeviceEnrolment(
      DeviceParts parts, RefusedDevices states, Enrolment mode, ApiPace pace, Ticker ticker) {
    this.parts = parts;
    this.states = states;
    this.mode = mode;
    this.pace = pace;
    this.ticker = ticker;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    states.follow((refused, deleted) -> remembered.invalidateAll());
  }

  /** Which devices may have a new id. */
  public Enrolment mode() {
    return mode;
  }

  /** Whether a device is kept out, from memory. */
  public DeviceStates.State stateOf(String id) {
    return remembered.getIfPresent(id) == null ? states.of(id) : DeviceStates.State.WAITING;
  }

  /**
   * A device registers under an id that nobody has. Fails when the database does not answer.
   *
   * @param uuid as the device sent it
   */
  public CompletionStage<Answer> judge(PeerId id, ByteString uuid, PeerAddress from) {
    if (mode.isOpen()) {
      return CompletableFuture.completedStage(Answer.ADMITTED);
    }
    if (!pace.takeLookup(from, ticker.millis()) || !questions.tryAcquire()) {
      return CompletableFuture.completedStage(Answer.WAITING); // it comes again
    }
    Registration device = registration(id, uuid, from.ip());
    return parts
        .call(handle -> judge(handle, device))
        .whenComplete((answer, failure) -> {
          questions.release();
          if (answer == Answer.WAITING) {
            remembered.put(id.value(), answer);
          }
        });
  }

  private Registration registration(PeerId id, ByteString uuid, String ip) {
    return new Registration(
        parts.guids().apply(parts.now()),
        id.value(),
        Base64.getEncoder().encodeToString(uuid.toByteArray()),
        ip);
  }

  private Answer judge(Handle handle, Registration device) {
    Optional<Known> known = find(handle, device.id());
    if (known.isPresent()) {
      boolean isOther = !known.get().uuid().isEmpty() && !known.get().uuid().equals(device.uuid());
      return !known.get().isApproved()
          ? Answer.WAITING
          : isOther ? Answer.FOREIGN : Answer.ADMITTED;
    }
    String org = parts.organization();
    if (mode == Enrolment.APPROVE
        && DeviceStateTable.waitingOf(handle, org, device.ip()) < MOST_OF_IP) {
      DeviceStateTable.insert(handle, org, device, false, parts.now());
      DeviceStateTable.keepWaiting(handle, org, MOST_WAITING);
      AccessEpoch.advance(handle, org);
    }
    return Answer.WAITING;
  }

  private Optional<Known> find(Handle handle, String id) {
    return DeviceStateTable.find(handle, parts.organization(), id)
        .filter(known -> !known.isDeleted());
  }

  /**
   * Lets a device register under an id.
   *
   * @param uuid in base64
   * @param key its public key in base64
   * @param registered finds the row of a registered id
   */
  public CompletionStage<Deployed> deploy(
      String id,
      String uuid,
      String key,
      String ip,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered) {
    if (mode.isOpen()) {
      return CompletableFuture.completedStage(Deployed.NOT_ENABLED);
    }
    Optional<PeerId> parsed = PeerId.parse(id).filter(PeerId::isRegistrable);
    Optional<ByteString> bytes = decoded(uuid).filter(DeviceUuid::isValid);
    if (parsed.isEmpty()
        || bytes.isEmpty()
        || decoded(key).filter(known -> known.size() == PublicKey.LENGTH).isEmpty()) {
      return CompletableFuture.completedStage(Deployed.INVALID_INPUT);
    }
    Registration device = registration(parsed.get(), bytes.get(), ip);
    return registered
        .apply(parsed.get())
        .thenCompose(row ->
            row.isPresent() && !row.get().uuid().equals(bytes.get())
                ? CompletableFuture.completedStage(Deployed.ID_TAKEN)
                : parts.call(handle -> deploy(handle, device)))
        .thenCompose(answer -> states.refresh().thenApply(done -> answer));
  }

  private Deployed deploy(Handle handle, Registration device) {
    String org = parts.organization();
    Optional<Known> known = find(handle, device.id());
    boolean isOther = known.filter(row -> !row.uuid().equals(device.uuid())).isPresent();
    if (isOther && known.orElseThrow().isApproved()) {
      return Deployed.ID_TAKEN;
    }
    if (isOther) {
      DeviceStateTable.deleteWaiting(handle, org, device.id());
    }
    DeviceStateTable.insert(handle, org, device, true, parts.now());
    AccessEpoch.advance(handle, org);
    return Deployed.OK;
  }

  private static Optional<ByteString> decoded(String base64) {
    try {
      return Optional.of(ByteString.copyFrom(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
