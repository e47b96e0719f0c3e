package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.access.GroupPanel;
import dev.rallypoint.access.SwitchGrants;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.access.AccessiblePages.Page;
import dev.rallypoint.store.access.AccessiblePages.Part;
import dev.rallypoint.store.access.AccessiblePages.SeenDevice;
import dev.rallypoint.store.access.AccessiblePages.SeenUser;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What a client calls for its panel of groups, and the device's side of "switch sides". The panel's
 * lists have what the user may control, as it is decided at the punch.
 */
public final class AccessRoutes {
  private static final int LONGEST = 512;

  private final GroupPanel panel;
  private final SwitchGrants grants;

  private AccessRoutes(GroupPanel panel, SwitchGrants grants) {
    this.panel = panel;
    this.grants = grants;
  }

  /** Adds them. */
  public static void addTo(
      ApiRouter router, SignedIn signedIn, GroupPanel panel, SwitchGrants grants) {
    AccessRoutes routes = new AccessRoutes(panel, grants);
    router.addPaced(
        "GET",
        "/api/users",
        signedIn.user(
            (request, user) -> paged(panel.users(user.tokenGuid(), part(request)), UserCard::of)));
    router.addPaced(
        "GET",
        "/api/peers",
        signedIn.user((request, user) ->
            paged(panel.devices(user.tokenGuid(), part(request)), DeviceCard::of)));
    router.addPaced(
        "GET",
        "/api/device-group/accessible",
        signedIn.user((request, user) ->
            paged(panel.deviceGroups(user.tokenGuid(), part(request)), NamedGroup::new)));
    router.addPaced("POST", "/api/switch-grant", routes::switchGrant);
  }

  /** A user in the panel; clients read more fields of the one who is logged in. */
  record UserCard(String name, String displayName, int status, Map<String, Object> info) {
    static UserCard of(SeenUser user) {
      return new UserCard(user.name(), user.displayName(), 1, Map.of());
    }
  }

  /** What a device told of itself. */
  record DeviceInfo(String username, String os, String deviceName) {}

  /**
   * A device in the panel; empty texts are read like missing ones.
   *
   * @param user the name of its owner
   */
  record DeviceCard(
      String id,
      DeviceInfo info,
      int status,
      String user,
      String userName,
      String deviceGroupName,
      String note) {
    static DeviceCard of(SeenDevice device) {
      return new DeviceCard(
          device.id(),
          new DeviceInfo(device.username(), device.os(), device.name()),
          1,
          device.owner(),
          device.owner(),
          device.group(),
          device.note());
    }
  }

  /** A device group in the panel. */
  record NamedGroup(String name) {}

  /** What a device hears of its grant. */
  record GrantAnswer(boolean accepted, Optional<Long> serverTime) {}

  private static Part part(ApiRequest request) {
    QueryParameters.Page page = request.parameters().page();
    return new Part(page.offset(), page.size());
  }

  private static <R, A> CompletionStage<ApiAnswer> paged(
      CompletionStage<Page<R>> page, Function<R, A> form) {
    return page.thenApply(found ->
        ApiAnswer.json(new Paged<>(found.total(), found.rows().stream().map(form).toList())));
  }

  private CompletionStage<ApiAnswer> switchGrant(ApiRequest request) {
    JsonNode body = request.json();
    return grants
        .grant(
            new SwitchGrants.Request(
                ApiJson.text(body, "id", PeerId.MAX_LENGTH),
                ApiJson.text(body, "switch_code_verifier", LONGEST),
                ApiJson.text(body, "timestamp", LONGEST),
                ApiJson.text(body, "signature", LONGEST)))
        .thenApply(
            answer -> ApiAnswer.json(new GrantAnswer(answer.accepted(), answer.serverSeconds())));
  }
}
