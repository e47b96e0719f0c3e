package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.audit.LiveConnections;
import dev.rallypoint.device.Devices;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.strategy.DeviceStrategies;
import dev.rallypoint.strategy.DeviceStrategies.Delivery;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The heartbeats of devices, which are answered from memory. A device is told to tell of itself, to
 * end connections, and which strategy it has; in most answers nothing of it.
 */
public final class HeartbeatRoute {
  private static final int MOST_CONNECTIONS = 1_000;
  private static final CompletionStage<ApiAnswer> NOTHING =
      CompletableFuture.completedStage(ApiAnswer.json(Map.of()));
  private static final CompletionStage<ApiAnswer> TELL =
      CompletableFuture.completedStage(ApiAnswer.json(Map.of("sysinfo", true)));

  private final Devices devices;
  private final LiveConnections connections;
  private final DeviceStrategies strategies;

  private HeartbeatRoute(
      Devices devices, LiveConnections connections, DeviceStrategies strategies) {
    this.devices = devices;
    this.connections = connections;
    this.strategies = strategies;
  }

  /** Adds it. */
  public static void addTo(
      ApiRouter router, Devices devices, LiveConnections connections, DeviceStrategies strategies) {
    router.add(
        "POST", "/api/heartbeat", new HeartbeatRoute(devices, connections, strategies)::answer);
  }

  private CompletionStage<ApiAnswer> answer(ApiRequest request) {
    JsonNode body = request.json();
    String id = ApiJson.text(body, "id", PeerId.MAX_LENGTH);
    String uuid = ApiJson.text(body, "uuid", DeviceRoutes.LONGEST_UUID);
    Set<Long> live = live(body.path("conns"));
    long modifiedAt = AuditJson.number(body, "modified_at").orElse(0L);
    Devices.Beat beat = devices.hear(id, uuid, request.client());
    if (beat == Devices.Beat.UNPROVEN) {
      return NOTHING;
    }
    List<Long> toEnd = connections.onHeartbeat(id, live);
    Optional<Delivery> delivery = strategies.onHeartbeat(id, modifiedAt);
    boolean isAsked = beat == Devices.Beat.ASKED;
    return toEnd.isEmpty() && delivery.isEmpty()
        ? isAsked ? TELL : NOTHING
        : CompletableFuture.completedStage(ApiAnswer.json(answer(isAsked, toEnd, delivery)));
  }

  private static Map<String, Object> answer(
      boolean isAsked, List<Long> toEnd, Optional<Delivery> delivery) {
    Map<String, Object> answer = new LinkedHashMap<>();
    if (isAsked) {
      answer.put("sysinfo", true);
    }
    if (!toEnd.isEmpty()) {
      answer.put("disconnect", toEnd);
    }
    delivery.ifPresent(told -> {
      answer.put("modified_at", told.modifiedAt());
      answer.put("strategy", told.options());
    });
    return answer;
  }

  private static Set<Long> live(JsonNode connections) {
    if (connections.isMissingNode() || connections.isNull()) {
      return Set.of();
    }
    if (!connections.isArray() || connections.size() > MOST_CONNECTIONS) {
      throw new ApiRefusal(
          ApiAnswer.BAD_REQUEST, "conns is no array of at most " + MOST_CONNECTIONS);
    }
    Set<Long> live = new HashSet<>();
    for (JsonNode connection : connections) {
      if (!connection.isIntegralNumber() || !connection.canConvertToLong()) {
        throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "conns has something else than numbers");
      }
      live.add(connection.longValue());
    }
    return live;
  }
}
