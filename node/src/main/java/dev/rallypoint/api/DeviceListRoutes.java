package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.device.DeviceAdministration;
import dev.rallypoint.device.DeviceAdministration.Name;
import dev.rallypoint.device.DeviceEnrolment;
import dev.rallypoint.device.DeviceGroups;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.account.Scopes.Area;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.account.DeviceFilter;
import dev.rallypoint.store.account.DeviceFilter.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The management API of devices and their groups, as public scripts and the client's commands
 * {@code --assign} and {@code --deploy} call it.
 */
public final class DeviceListRoutes {
  private static final int MOST_IDS = 10_000;

  private static final int LONGEST = AccountText.LONGEST_TEXT;
  private static final int LONGEST_UUID = 512;
  private static final String[] ASSIGNED = {
    "user_name", "strategy_name", "device_group_name", "note", "device_username", "device_name"
  };

  private final DeviceAdministration devices;
  private final DeviceGroups groups;
  private final DeviceEnrolment enrolment;
  private final Function<PeerId, CompletionStage<Optional<PeerRow>>> registered;

  private DeviceListRoutes(
      DeviceAdministration devices,
      DeviceGroups groups,
      DeviceEnrolment enrolment,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered) {
    this.devices = devices;
    this.groups = groups;
    this.enrolment = enrolment;
    this.registered = registered;
  }

  /**
   * Adds them.
   *
   * @param registered finds the row of a registered id
   */
  public static void addTo(
      ApiRouter router,
      SignedIn signedIn,
      DeviceAdministration devices,
      DeviceGroups groups,
      DeviceEnrolment enrolment,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered) {
    new DeviceListRoutes(devices, groups, enrolment, registered).add(router, signedIn);
  }

  private void add(ApiRouter router, SignedIn signedIn) {
    router.addPaced(
        "GET", "/api/devices", signedIn.management(Area.DEVICE, false, (call, by) -> list(call)));
    toDevice(router, signedIn, "POST", "/enable", name -> devices.setEnabled(name, true));
    toDevice(router, signedIn, "POST", "/disable", name -> devices.setEnabled(name, false));
    toDevice(router, signedIn, "POST", "/approve", devices::approve);
    toDevice(router, signedIn, "DELETE", "", devices::delete);
    router.addPaced(
        "POST",
        "/api/devices/{guid}/assign",
        signedIn.management(Area.DEVICE, true, (call, by) -> assign(call)));
    router.addPaced(
        "POST",
        "/api/devices/cli",
        signedIn.management(Area.DEVICE, true, (call, by) -> assignBy(call)));
    router.addPaced(
        "POST",
        "/api/devices/deploy",
        signedIn.management(Area.DEVICE, true, (call, by) -> deploy(call)));
    addGroups(router, signedIn);
  }

  private static void toDevice(
      ApiRouter router,
      SignedIn signedIn,
      String method,
      String order,
      Function<Name, CompletionStage<Boolean>> change) {
    router.addPaced(
        method,
        "/api/devices/{guid}" + order,
        signedIn.management(
            Area.DEVICE,
            true,
            (call, by) -> done(change.apply(new Name.Guid(call.value("guid"))))));
  }

  private void addGroups(ApiRouter router, SignedIn signedIn) {
    router.addPaced(
        "GET",
        "/api/device-groups",
        signedIn.management(Area.DEVICE_GROUP, false, (call, by) -> listGroups(call)));
    toGroup(
        router,
        signedIn,
        "POST",
        "",
        call -> groups.create(DeviceJson.draft(call.json())).thenApply(guid -> true));
    toGroup(
        router,
        signedIn,
        "PATCH",
        "/{guid}",
        call -> groups.change(call.value("guid"), DeviceJson.draft(call.json())));
    toGroup(router, signedIn, "DELETE", "/{guid}", call -> groups.delete(call.value("guid")));
    toGroup(
        router,
        signedIn,
        "POST",
        "/{guid}",
        call -> groups.add(call.value("guid"), call.texts(MOST_IDS)));
    toGroup(
        router,
        signedIn,
        "DELETE",
        "/{guid}/devices",
        call -> groups.remove(call.value("guid"), call.texts(MOST_IDS)));
  }

  private static void toGroup(
      ApiRouter router,
      SignedIn signedIn,
      String method,
      String path,
      Function<ApiRequest, CompletionStage<Boolean>> change) {
    router.addPaced(
        method,
        "/api/device-groups" + path,
        signedIn.management(Area.DEVICE_GROUP, true, (call, by) -> done(change.apply(call))));
  }

  private static CompletionStage<ApiAnswer> done(CompletionStage<Boolean> change) {
    return change.thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> list(ApiRequest request) {
    QueryParameters parameters = request.parameters();
    DeviceFilter filter = new DeviceFilter();
    for (Field field : Field.values()) {
      filter.with(field, parameters.text(field.parameter()), AccountText::key);
    }
    QueryParameters.Page page = parameters.page();
    return devices
        .list(filter, page.offset(), page.size())
        .thenApply(found ->
            ApiAnswer.json(
                new Paged<>(
                    found.total(), found.devices().stream().map(DeviceJson::device).toList())));
  }

  private CompletionStage<ApiAnswer> listGroups(ApiRequest request) {
    QueryParameters.Page page = request.parameters().page();
    return groups
        .list(request.parameters().text("name"), page.offset(), page.size())
        .thenApply(found ->
            ApiAnswer.json(
                new Paged<>(
                    found.total(), found.groups().stream().map(DeviceJson::group).toList())));
  }

  private CompletionStage<ApiAnswer> assign(ApiRequest request) {
    JsonNode body = request.json();
    return done(
        devices.assign(
            new Name.Guid(request.value("guid")),
            ApiJson.text(body, "type", LONGEST),
            ApiJson.text(body, "value", LONGEST)));
  }

  private CompletionStage<ApiAnswer> assignBy(ApiRequest request) {
    JsonNode body = request.json();
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : ASSIGNED) {
      if (body.hasNonNull(word)) {
        values.put(word, ApiJson.text(body, word, LONGEST));
      }
    }
    return done(
        devices.assignBy(
            ApiJson.text(body, "id", PeerId.MAX_LENGTH),
            ApiJson.text(body, "uuid", LONGEST_UUID),
            values,
            DeviceJson.entry(body, "address_book_")));
  }

  /** The client compares the word. */
  private CompletionStage<ApiAnswer> deploy(ApiRequest request) {
    JsonNode body = request.json();
    return enrolment
        .deploy(
            ApiJson.text(body, "id", LONGEST),
            ApiJson.text(body, "uuid", LONGEST_UUID),
            ApiJson.text(body, "pk", LONGEST_UUID),
            request.client().ip(),
            registered)
        .thenApply(result -> ApiAnswer.json(Map.of("result", result.name())));
  }
}
