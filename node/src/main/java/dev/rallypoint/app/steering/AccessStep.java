package dev.rallypoint.app.steering;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.policy.Diagnosis.Outcome;
import dev.rallypoint.policy.Diagnosis.Step;
import dev.rallypoint.policy.access.Verdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says whether somebody may control a device, by what decides at the request. */
final class AccessStep {
  private static final String NAME = "access";
  private static final PeerAddress UNKNOWN = PeerAddress.v4(0, 0);

  private AccessStep() {}

  /**
   * The step; empty where nothing is decided.
   *
   * @param from an ip of who asks, or something else
   * @param user the name of the user who asks, or empty for one who is not logged in
   */
  static CompletionStage<Optional<Step>> of(
      Optional<AccessControl> access, String id, String from, String user) {
    Optional<PeerId> device = PeerId.parse(id);
    if (access.isEmpty() || device.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return access
        .get()
        .explain(user, device.get(), HostText.parse(from).orElse(UNKNOWN))
        .thenApply(verdict -> Optional.of(step(verdict, user)))
        .exceptionally(failure ->
            Optional.of(
                new Step(
                    NAME,
                    Outcome.WARNING,
                    "the database of accounts does not answer: " + failure.getMessage(),
                    "look at the database")));
  }

  private static Step step(Optional<Verdict> verdict, String user) {
    if (verdict.isEmpty()) {
      return new Step(
          NAME, Outcome.FAULT, "there is no user " + user, "'rallypoint admin list' has them all");
    }
    String chain = String.join("; ", verdict.get().chain());
    return verdict.get().isAllowed()
        ? new Step(NAME, Outcome.OK, "allowed: " + chain, "")
        : new Step(
            NAME,
            Outcome.FAULT,
            "%s; a requester is told: %s".formatted(chain, verdict.get().text()),
            user.isEmpty()
                ? "log in on the client that asks; --user NAME explains for a user"
                : "'rallypoint admin allow user:%s device:...', or assign the device to him"
                    .formatted(user));
  }
}
