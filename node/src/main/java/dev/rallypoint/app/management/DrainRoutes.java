package dev.rallypoint.app.management;

import dev.rallypoint.app.lifecycle.DrainProgress;
import dev.rallypoint.app.lifecycle.NodeDrain;
import dev.rallypoint.cluster.Failures;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The routes of {@code /v1/drain}: {@code POST} begins a drain without an end, {@code DELETE} ends
 * it, {@code GET} shows what is left. All answer with a {@link Shown}; what is refused is 409.
 */
public final class DrainRoutes {
  private DrainRoutes() {}

  /**
   * The answer.
   *
   * @param draining whether the node takes no new relay sessions and is not ready
   * @param since when that began; left out when it does not drain
   * @param drained whether it drains and no relay session is left that stopping it would cut
   * @param relaySessions relay sessions with a leg here
   * @param peersAtHome peers that are registered here
   * @param links connections that clients keep open here
   */
  public record Shown(
      boolean draining,
      Optional<Instant> since,
      boolean drained,
      int relaySessions,
      int peersAtHome,
      int links) {}

  /** The routes of a node. */
  public static Route of(NodeDrain drain) {
    return Directives.path(
        "drain",
        () ->
            Directives.concat(
                Directives.get(() -> Json.ok(shown(drain.progress()))),
                Directives.post(() -> changed(drain::begin)),
                Directives.delete(() -> changed(drain::end))));
  }

  private static Route changed(Supplier<CompletionStage<DrainProgress>> change) {
    return Directives.onSuccess(
        () ->
            change
                .get()
                .handle((progress, failure) ->
                    failure == null
                        ? Json.ok(shown(progress))
                        : Json.error(
                            StatusCodes.CONFLICT,
                            String.valueOf(Failures.cause(failure).getMessage()))),
        answer -> answer);
  }

  private static Shown shown(DrainProgress progress) {
    return new Shown(
        progress.isDraining(),
        progress.since(),
        progress.isDrained(),
        progress.relaySessions(),
        progress.peersAtHome(),
        progress.links());
  }
}
