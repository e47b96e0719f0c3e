package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.device.Devices;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a client tells of its device without a login: {@code sysinfo} and {@code sysinfo_ver}. */
public final class DeviceRoutes {
  static final int LONGEST_UUID = 512;
  private static final int LONGEST_FACT = 256;

  private final Devices devices;

  private DeviceRoutes(Devices devices) {
    this.devices = devices;
  }

  /** Adds them. */
  public static void addTo(ApiRouter router, Devices devices) {
    DeviceRoutes routes = new DeviceRoutes(devices);
    router.add("POST", "/api/sysinfo", routes::sysinfo);
    router.add(
        "POST",
        "/api/sysinfo_ver",
        request -> CompletableFuture.completedStage(ApiAnswer.text(devices.version())));
  }

  private CompletionStage<ApiAnswer> sysinfo(ApiRequest request) {
    JsonNode body = request.json();
    SystemFacts facts =
        new SystemFacts(
            fact(body, "hostname"),
            fact(body, "username"),
            fact(body, "os"),
            fact(body, "cpu"),
            fact(body, "memory"),
            fact(body, "version"));
    return devices
        .onSystemFacts(
            ApiJson.text(body, "id", PeerId.MAX_LENGTH),
            ApiJson.text(body, "uuid", LONGEST_UUID),
            facts,
            DeviceJson.presets(body),
            request.client())
        .thenApply(DeviceRoutes::answer);
  }

  /** A fact is for people to read: one that is too long is cut. */
  private static String fact(JsonNode body, String name) {
    String text = ApiJson.text(body, name, ApiRouter.LONGEST_BODY).replaceAll("\\p{Cntrl}", " ");
    return text.codePointCount(0, text.length()) <= LONGEST_FACT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_FACT));
  }

  /** After the first two words clients wait for nothing, and for 3 s; after others for 120 s. */
  private static ApiAnswer answer(Devices.Verdict verdict) {
    return switch (verdict) {
      case STORED -> ApiAnswer.text("SYSINFO_UPDATED");
      case UNKNOWN -> ApiAnswer.text("ID_NOT_FOUND");
      case FOREIGN -> ApiAnswer.error(ApiAnswer.FORBIDDEN, "another device has registered the id");
      case TOO_FREQUENT -> ApiAnswer.error(ApiAnswer.TOO_MANY, "it comes too often");
    };
  }
}
