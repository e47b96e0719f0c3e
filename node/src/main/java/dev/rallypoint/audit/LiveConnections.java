package dev.rallypoint.audit;

import dev.rallypoint.policy.audit.Liveness;
import dev.rallypoint.store.audit.AuditUpkeep;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionTable;
import dev.rallypoint.store.audit.ConnectionTable.Running;
import dev.rallypoint.store.audit.DisconnectTable;
import dev.rallypoint.store.audit.DisconnectTable.Order;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which connections run and which of them administrators end, in memory for heartbeats: those cost
 * no statement. Memory is bounded by the rows that are read. Safe for all threads.
 */
public final class LiveConnections {
  /** The connections that are watched, those opened last; others end when their device says so. */
  private static final int MOST_RUNNING = 50_000;

  private static final int MOST_ORDERS = 10_000;
  private static final int CHUNK = 500;

  private final AuditParts parts;
  private final ConnectionAudits audits;
  private final Set<String> heard = ConcurrentHashMap.newKeySet();
  private final Set<String> ending = ConcurrentHashMap.newKeySet();
  private volatile Map<String, List<Running>> running = Map.of();
  private volatile Map<String, List<Order>> orders = Map.of();

  /** Those of these audits. */
  public LiveConnections(AuditParts parts, ConnectionAudits audits) {
    this.parts = parts;
    this.audits = audits;
  }

  /**
   * A heartbeat of a device that has proved itself.
   *
   * @param live the numbers of its connections
   * @return the numbers of those which it is to end
   */
  public List<Long> onHeartbeat(String deviceId, Set<Long> live) {
    List<Running> known = running.get(deviceId);
    if (known != null) {
      known.forEach(row -> onRunning(row, live.contains(row.connId())));
    }
    List<Order> ordered = orders.get(deviceId);
    if (ordered == null) {
      return List.of();
    }
    long now = parts.now();
    return ordered.stream()
        .filter(order -> Liveness.isOrdered(order.createdAt(), now))
        .map(Order::connId)
        .filter(live::contains)
        .toList();
  }

  private void onRunning(Running row, boolean isLive) {
    if (isLive) {
      heard.add(row.guid());
    } else if (Liveness.isOver(row.createdAt(), false, parts.now()) && ending.add(row.guid())) {
      audits
          .endedByHeartbeat(row.deviceId(), row.connId())
          .whenComplete((ended, failure) -> {
            if (failure != null) {
              ending.remove(row.guid()); // the next heartbeat tries again
            }
          });
    }
  }

  /** Reads the orders; nodes do so when one of them has changed some. */
  public CompletionStage<Boolean> readOrders() {
    return parts.call(handle -> {
      long since = parts.now() - Liveness.ORDERED.toMillis();
      orders =
          DisconnectTable.list(handle, since, MOST_ORDERS).stream()
              .collect(Collectors.groupingBy(Order::deviceId));
      return true;
    });
  }

  /** Reads which connections run; nodes do so every few seconds. */
  public CompletionStage<Boolean> readRunning() {
    return parts.call(handle -> {
      List<Running> rows = ConnectionTable.running(handle, MOST_RUNNING);
      running = rows.stream().collect(Collectors.groupingBy(Running::deviceId));
      Set<String> guids = rows.stream().map(Running::guid).collect(Collectors.toSet());
      ending.retainAll(guids);
      heard.retainAll(guids);
      return true;
    });
  }

  /**
   * Notes which connections were heard of since the last time, and ends those which no node has
   * heard of for long; nodes do so every minute.
   */
  public CompletionStage<Boolean> noteHeard() {
    List<String> guids = List.copyOf(heard);
    guids.forEach(heard::remove);
    return parts.call(handle -> {
      long now = parts.now();
      for (int i = 0; i < guids.size(); i += CHUNK) {
        ConnectionTable.setHeard(handle, guids.subList(i, Math.min(i + CHUNK, guids.size())), now);
      }
      ConnectionTable.endUnheard(handle, now - Liveness.UNHEARD.toMillis(), "nothing heard");
      DisconnectTable.deleteOlder(handle, now - Liveness.UNHEARD.toMillis());
      AuditUpkeep.forgetNonces(handle, now - Retention.NONCES.toMillis(), Retention.CHUNK);
      return true;
    });
  }

  /**
   * Orders the end of a connection; its device hears of it by its next heartbeat, within a minute,
   * on whatever node.
   *
   * @param by the name of who wants it
   * @return the connection, or empty where there is none of this guid that runs
   */
  public CompletionStage<Optional<ConnectionRow>> disconnect(String org, String guid, String by) {
    return parts
        .call(handle -> {
          Optional<ConnectionRow> row =
              ConnectionTable.find(handle, org, guid)
                  .filter(found -> found.times().endedAt().isEmpty());
          row.ifPresent(found ->
              DisconnectTable.insert(
                  handle,
                  org,
                  new Order(found.where().deviceId(), found.where().connId(), by, parts.now())));
          return row;
        })
        .thenCompose(row -> readOrders().handle((read, failure) -> row));
  }
}
