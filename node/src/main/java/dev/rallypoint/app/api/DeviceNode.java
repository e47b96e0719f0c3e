package dev.rallypoint.app.api;

import com.google.protobuf.ByteString;
import dev.rallypoint.account.ApiTokens;
import dev.rallypoint.account.Organization;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.DeviceListRoutes;
import dev.rallypoint.api.DeviceRoutes;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.config.access.Enrolment;
import dev.rallypoint.device.Clones;
import dev.rallypoint.device.DeviceAdministration;
import dev.rallypoint.device.DeviceBooks;
import dev.rallypoint.device.DeviceEnrolment;
import dev.rallypoint.device.DeviceGroups;
import dev.rallypoint.device.DeviceParts;
import dev.rallypoint.device.DeviceProof;
import dev.rallypoint.device.DeviceRecorder;
import dev.rallypoint.device.DeviceStates;
import dev.rallypoint.device.Devices;
import dev.rallypoint.device.RefusedDevices;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.FreeOutcome;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of a node: they are recorded as they register, and those that administrators refuse
 * do not register.
 */
public final class DeviceNode implements RegistrationGate {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceNode.class);
  private static final Duration FIRST_READ = Duration.ofSeconds(10);

  private final NodeParts parts;
  private final DeviceParts shared;
  private final ApiPace pace;
  private final RefusedDevices states;
  private final DeviceEnrolment enrolment;
  private final Clones clones;
  private final DeviceRecorder recorder;
  private final PeerStore peers;

  private DeviceNode(NodeParts parts, AccountDatabase database, PeerStore peers) {
    this.parts = parts;
    this.shared =
        new DeviceParts(
            database,
            Organization.DEFAULT,
            new Secrets(new SecureRandom())::guid,
            parts.wallClock());
    this.pace = new ApiPace(new Networks(parts.settings().rendezvous().registration().exempt()));
    this.states = new RefusedDevices(shared);
    Enrolment mode = parts.settings().rendezvous().registration().newIds().enrolment();
    this.enrolment = new DeviceEnrolment(shared, states, mode, pace, parts.ticker());
    this.clones = new Clones(shared, parts.counters(), parts.ticker());
    this.recorder = new DeviceRecorder(shared, peers::find, clones);
    this.peers = new RecordedPeerStore(peers, recorder, mode.isOpen());
  }

  /** The devices of a node whose peers are in this store. */
  public static DeviceNode of(NodeParts parts, AccountDatabase database, PeerStore peers) {
    return new DeviceNode(parts, database, peers);
  }

  /** The same peers; what becomes of them is recorded. */
  public PeerStore peers() {
    return peers;
  }

  /** Reads which devices are refused, and keeps to it from now on. */
  public void start(PeerDirectory directory) {
    states.follow(
        (refused, deleted) -> refused.forEach(id -> PeerId.parse(id).ifPresent(directory::end)));
    clones.askOnline(directory::online);
    states
        .refresh()
        .toCompletableFuture()
        .copy()
        .orTimeout(FIRST_READ.toSeconds(), TimeUnit.SECONDS)
        .exceptionally(failure -> {
          LOG.warn("the devices cannot be read now: {}", failure.getMessage());
          return false;
        })
        .join();
    each(RefusedDevices.GAP, states::look);
    each(DeviceRecorder.GAP, recorder::flush);
  }

  private void each(Duration gap, Runnable step) {
    ActorSystem<?> system = parts.system();
    var unused =
        system.scheduler().scheduleWithFixedDelay(gap, gap, step, system.executionContext());
  }

  /** The devices that call the API; what they ask to be put into address books goes there. */
  Devices heard(DeviceBooks books) {
    return new Devices(shared, states, peers::find, books, pace, parts.counters(), parts.ticker());
  }

  /** Proves that what is told of a device comes from it. */
  DeviceProof proof() {
    return new DeviceProof(peers::find, pace, parts.counters(), parts.ticker());
  }

  /** Adds the routes of devices; what operators do to them comes back. */
  DeviceAdminRoutes addTo(
      ApiRouter router,
      SignedIn signedIn,
      ApiTokens tokens,
      PeerDirectory directory,
      Devices heard,
      DeviceBooks books) {
    DeviceAdministration administration = administration(directory, books);
    DeviceGroups groups =
        new DeviceGroups(
            shared, new GroupIncomingRules(new Secrets(new SecureRandom()), parts.wallClock()));
    DeviceRoutes.addTo(router, heard);
    DeviceListRoutes.addTo(router, signedIn, administration, groups, enrolment, peers::find);
    return new DeviceAdminRoutes(administration, groups, tokens);
  }

  private DeviceAdministration administration(PeerDirectory directory, DeviceBooks books) {
    return new DeviceAdministration(
        shared,
        states,
        enrolment,
        books,
        id ->
            directory
                .administration()
                .free(id, true)
                .thenApply(outcome -> {
                  if (outcome == FreeOutcome.UNAVAILABLE) {
                    throw new IllegalStateException("the id " + id + " could not be released");
                  }
                  return true;
                }));
  }

  /** Which devices administrators refuse. */
  public DeviceStates states() {
    return states;
  }

  AccountDatabase database() {
    return shared.database();
  }

  ApiPace pace() {
    return pace;
  }

  @Override
  public Optional<Result> refusal(PeerId id) {
    return switch (enrolment.stateOf(id.value())) {
      case ADMITTED -> Optional.empty();
      case DISABLED -> Optional.of(Result.NOT_SUPPORT);
      case WAITING -> Optional.of(Result.NOT_DEPLOYED);
    };
  }

  @Override
  public CompletionStage<Optional<Result>> judgeNew(PeerId id, ByteString uuid, PeerAddress from) {
    return enrolment
        .judge(id, uuid, from)
        .thenApply(answer ->
            switch (answer) {
              case ADMITTED -> Optional.empty();
              case WAITING -> Optional.of(Result.NOT_DEPLOYED);
              case FOREIGN -> Optional.of(Result.UUID_MISMATCH);
            });
  }
}
