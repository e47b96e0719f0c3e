package dev.rallypoint.app.api;

import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.AuditListRoutes;
import dev.rallypoint.api.AuditRoutes;
import dev.rallypoint.api.HeartbeatRoute;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.api.StrategyRoutes;
import dev.rallypoint.audit.AuditParts;
import dev.rallypoint.audit.ConnectionAudits;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.DeviceAudits;
import dev.rallypoint.audit.LiveConnections;
import dev.rallypoint.audit.ReferenceReader;
import dev.rallypoint.audit.Retention;
import dev.rallypoint.device.DeviceProof;
import dev.rallypoint.device.Devices;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.audit.ChangeTable;
import dev.rallypoint.strategy.DeviceStrategies;
import dev.rallypoint.strategy.Strategies;
import dev.rallypoint.transport.NodeParts;
import java.time.Duration;

/** Audits and strategies of a node: their services, and what they do from time to time. */
final class AuditService {
  /** How soon a node sees what another one has changed. */
  private static final Duration LOOK_SHARED = Duration.ofMillis(500);

  /** Nobody else changes its database. */
  private static final Duration LOOK_ALONE = Duration.ofSeconds(30);

  /** What somebody changed in the database by other means is seen by this. */
  private static final Duration READ_STRATEGIES = Duration.ofMinutes(1);

  private static final Duration READ_RUNNING = Duration.ofSeconds(10);
  private static final Duration NOTE_HEARD = Duration.ofMinutes(1);
  private static final Duration FIRST_RETENTION = Duration.ofMinutes(5);
  private static final Duration RETENTION = Duration.ofHours(1);

  private final NodeParts parts;
  private final ConsoleLog console;
  private final ConnectionAudits connections;
  private final DeviceAudits others;
  private final LiveConnections live;
  private final Strategies strategies;
  private final DeviceStrategies deviceStrategies;

  /**
   * The services.
   *
   * @param references reads who controls
   */
  AuditService(NodeParts parts, AuditParts audits, ReferenceReader references) {
    AccountDatabase database = audits.database();
    this.parts = parts;
    console = new ConsoleLog(audits);
    connections = new ConnectionAudits(audits, references);
    others = new DeviceAudits(audits, references);
    live = new LiveConnections(audits, connections);
    deviceStrategies = new DeviceStrategies(database);
    ChangePoll changes = new ChangePoll(database);
    changes.follow(ChangeTable.DISCONNECT, live::readOrders);
    changes.follow(ChangeTable.STRATEGY, deviceStrategies::read);
    strategies = new Strategies(database, audits.guids(), audits.clock(), changes::look);
    changes.look();
    every(Duration.ZERO, database.isShared() ? LOOK_SHARED : LOOK_ALONE, changes::look);
    every(READ_STRATEGIES, READ_STRATEGIES, deviceStrategies::read);
    every(Duration.ZERO, READ_RUNNING, live::readRunning);
    every(NOTE_HEARD, NOTE_HEARD, live::noteHeard);
    every(FIRST_RETENTION, RETENTION, new Retention(audits)::run);
  }

  private void every(Duration first, Duration delay, Runnable work) {
    var unused =
        parts
            .system()
            .scheduler()
            .scheduleWithFixedDelay(first, delay, work, parts.system().executionContext());
  }

  /** Adds their routes. */
  void addTo(ApiRouter router, SignedIn signedIn, Devices devices, DeviceProof proof) {
    HeartbeatRoute.addTo(router, devices, live, deviceStrategies);
    AuditRoutes.addTo(router, signedIn, proof, connections, others);
    AuditListRoutes.addTo(router, signedIn, connections, others, console, live);
    StrategyRoutes.addTo(router, signedIn, strategies, console);
  }

  ConsoleLog console() {
    return console;
  }

  /** What operators ask and tell of connections. */
  ConnectionRoutes routes(String org) {
    return new ConnectionRoutes(org, connections, live, console);
  }
}
