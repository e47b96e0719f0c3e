package dev.rallypoint.app.management;

import dev.rallypoint.app.health.HealthCheck;
import dev.rallypoint.app.health.Readiness;
import dev.rallypoint.app.health.ServingState;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port of a node with all that it answers.
 *
 * @param serving what the node knows of its state
 * @param api routes below {@code /v1/}, whose paths begin behind it; only who shows the token
 *     reaches them
 */
public record Management(NodeParts parts, ServingState serving, List<Route> api) {
  private static final Logger LOG = LoggerFactory.getLogger(Management.class);

  /** How long the listeners are left alone after an answer that was known, until it is sent. */
  private static final Duration AFTER_ANSWER = Duration.ofMillis(500);

  /**
   * Opens the port when the settings have one, with the token of the data folder, which is made
   * where there is none.
   *
   * @return done once it answers; fails with a SettingException when it cannot be bound
   * @throws SettingException when the token's file cannot be used
   */
  public CompletionStage<Done> open() {
    NodeSettings settings = parts.settings();
    if (settings.management().port() == 0) {
      serving.asked();
      return CompletableFuture.completedStage(Done.getInstance());
    }
    Optional<ManagementToken> token =
        ManagementToken.loadOrCreate(settings.data(), new SecureRandom());
    if (token.isEmpty()) {
      LOG.warn(
          "{} cannot be written to {}: the commands that ask this node are refused, until there is"
              + " one when it starts",
          ManagementToken.FILE,
          settings.data());
    }
    Readiness readiness = readiness();
    var unused =
        serving
            .whenStarted()
            .thenCompose(started -> readiness.begin())
            .whenComplete((faults, failure) -> serving.asked());
    return ManagementPort.open(
        parts.system(),
        settings.management(),
        new ManagementRoutes(
                parts.system(), parts.counters(), serving, readiness, token, parts.ticker())
            .all(api));
  }

  private Readiness readiness() {
    NodeSettings settings = parts.settings();
    Executor threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("readiness").factory());
    return new Readiness(
        serving::refusal,
        () -> HealthCheck.faults(settings),
        threads,
        CompletableFuture.delayedExecutor(AFTER_ANSWER.toMillis(), TimeUnit.MILLISECONDS, threads),
        parts.ticker());
  }
}
