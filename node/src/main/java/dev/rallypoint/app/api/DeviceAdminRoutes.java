package dev.rallypoint.app.api;

import dev.rallypoint.account.ApiTokens;
import dev.rallypoint.app.management.Json;
import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.device.DeviceAdministration;
import dev.rallypoint.device.DeviceAdministration.Name;
import dev.rallypoint.device.DeviceGroups;
import dev.rallypoint.device.DeviceRefusal;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.account.DeviceFilter;
import dev.rallypoint.store.account.DeviceFilter.Field;
import dev.rallypoint.store.account.ListedDevice;
import dev.rallypoint.store.account.ProgramTokenTable.ProgramToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;

/** The routes below {@code /v1/admin/} for devices, their groups, and the tokens of programs. */
final class DeviceAdminRoutes extends AllDirectives {
  private static final int PAGE = 100;
  private static final int MOST = 500;

  private final DeviceAdministration devices;
  private final DeviceGroups groups;
  private final ApiTokens tokens;

  DeviceAdminRoutes(DeviceAdministration devices, DeviceGroups groups, ApiTokens tokens) {
    this.devices = devices;
    this.groups = groups;
    this.tokens = tokens;
  }

  /** What was done. */
  record Done(String done) {}

  /** A device. */
  record DeviceLine(
      String guid,
      String id,
      String state,
      boolean cloned,
      Instant lastOnline,
      String ip,
      Assigned assigned,
      String os) {}

  /** What administrators gave a device. */
  record Assigned(
      String user, String group, String name, String username, String strategy, String note) {}

  /** What is changed of a device: one of the first two, or a type with a value. */
  record DeviceChange(
      Optional<Boolean> enabled,
      Optional<Boolean> approved,
      Optional<String> type,
      Optional<String> value) {}

  /** A group to be made. */
  record GroupToMake(Optional<String> name, Optional<String> note) {}

  /** A token to be made. */
  record TokenToMake(Optional<String> name, Optional<String> scopes, Optional<Integer> days) {}

  /**
   * A token.
   *
   * @param token only in the answer that makes it
   */
  record TokenLine(
      String name,
      String scopes,
      Instant created,
      Optional<Instant> lastUsed,
      Instant expires,
      Optional<String> token) {
    /** Without the token. */
    @Override
    public String toString() {
      return "TokenLine[" + name + "]";
    }
  }

  Route all() {
    return pathPrefix("admin", () -> concat(devices(), groups(), tokens()));
  }

  private Route devices() {
    return pathPrefix(
        "devices",
        () ->
            concat(
                pathEnd(() -> get(() -> parameterMap(this::listed))),
                path(
                    PathMatchers.segment(),
                    id ->
                        concat(
                            put(() -> entity(Json.body(DeviceChange.class), it -> changed(id, it))),
                            delete(() ->
                                answer(
                                    devices.delete(new Name.Id(id)),
                                    done -> new Done("deleted " + id)))))));
  }

  private Route listed(Map<String, String> parameters) {
    DeviceFilter filter = new DeviceFilter();
    for (Field field : Field.values()) {
      filter.with(field, Optional.ofNullable(parameters.get(field.parameter())), AccountText::key);
    }
    return parameterOptional(
        StringUnmarshallers.INTEGER,
        "most",
        most ->
            parameterOptional(
                StringUnmarshallers.INTEGER,
                "offset",
                offset ->
                    answer(
                        devices.list(
                            filter,
                            Math.max(offset.orElse(0), 0),
                            Math.clamp(most.orElse(PAGE), 1, MOST)),
                        page ->
                            Map.of(
                                "total",
                                page.total(),
                                "devices",
                                page.devices().stream().map(DeviceAdminRoutes::line).toList()))));
  }

  private static DeviceLine line(ListedDevice device) {
    ListedDevice.Given given = device.given();
    return new DeviceLine(
        device.guid(),
        device.id(),
        !device.state().isEnabled()
            ? "disabled"
            : device.state().isApproved() ? "enabled" : "waiting",
        device.state().clonedAt().isPresent(),
        Instant.ofEpochMilli(device.contact().lastOnlineAt()),
        device.contact().ip(),
        new Assigned(
            given.user(),
            given.group(),
            given.name().isEmpty() ? device.facts().hostname() : given.name(),
            given.username().isEmpty() ? device.facts().username() : given.username(),
            given.strategy(),
            given.note()),
        device.facts().os());
  }

  private Route changed(String id, DeviceChange change) {
    Name name = new Name.Id(id);
    List<CompletionStage<Boolean>> done =
        List.of(
                change.enabled().map(isEnabled -> devices.setEnabled(name, isEnabled)),
                change.approved().filter(yes -> yes).map(yes -> devices.approve(name)),
                change.type().map(type -> devices.assign(name, type, change.value().orElse(""))))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    if (done.size() != 1) {
      return Json.error(StatusCodes.BAD_REQUEST, "write one thing to change");
    }
    return answer(done.getFirst(), isDone -> new Done("changed " + id));
  }

  private Route groups() {
    return pathPrefix(
        "device-groups",
        () ->
            concat(
                pathEnd(() ->
                    concat(
                        get(() ->
                            answer(
                                groups.list(Optional.empty(), 0, 1_000),
                                page ->
                                    Map.of(
                                        "groups",
                                        page.groups().stream()
                                            .map(DeviceGroups.Group::group)
                                            .toList()))),
                        post(() ->
                            entity(
                                Json.body(GroupToMake.class),
                                group ->
                                    answer(
                                        groups.create(
                                            new DeviceGroups.Draft(
                                                group.name(), group.note(), Optional.empty())),
                                        guid -> new Done("made " + group.name().orElse(""))))))),
                path(
                    PathMatchers.segment(),
                    name ->
                        delete(() ->
                            answer(
                                groups.deleteByName(name), done -> new Done("deleted " + name))))));
  }

  private Route tokens() {
    return pathPrefix(
        "api-tokens",
        () ->
            concat(
                pathEnd(() ->
                    concat(
                        get(() ->
                            answer(
                                tokens.list(),
                                list ->
                                    Map.of(
                                        "tokens",
                                        list.stream()
                                            .map(token -> line(token, Optional.empty()))
                                            .toList()))),
                        post(() -> entity(Json.body(TokenToMake.class), this::made)))),
                path(
                    PathMatchers.segment(),
                    name ->
                        delete(() ->
                            answer(tokens.delete(name), done -> new Done("ended " + name))))));
  }

  private Route made(TokenToMake token) {
    return answer(
        tokens.create(
            token.name().orElse(""),
            token.scopes().orElse("device:rw"),
            token.days().map(Duration::ofDays).orElse(ApiTokens.USUAL)),
        made -> line(made.known(), Optional.of(made.token())));
  }

  private static TokenLine line(ProgramToken token, Optional<String> secret) {
    return new TokenLine(
        token.name(),
        token.scopes(),
        Instant.ofEpochMilli(token.createdAt()),
        token.lastUsedAt().map(Instant::ofEpochMilli),
        Instant.ofEpochMilli(token.expiresAt()),
        secret);
  }

  private <T> Route answer(CompletionStage<T> stage, Function<T, ?> form) {
    return onSuccess(
        stage.exceptionally(failure -> {
          throw new CompletionException(refusal(Failures.cause(failure)));
        }),
        value -> Json.ok(form.apply(value)));
  }

  private static ManagementRefusal refusal(Throwable failure) {
    return switch (failure) {
      case DeviceRefusal refusal ->
          new ManagementRefusal(status(refusal.kind()), String.valueOf(refusal.getMessage()));
      default -> AdminRoutes.refusal(failure);
    };
  }

  private static StatusCode status(DeviceRefusal.Kind kind) {
    return switch (kind) {
      case INVALID -> StatusCodes.BAD_REQUEST;
      case UNKNOWN -> StatusCodes.NOT_FOUND;
      case CONFLICT -> StatusCodes.CONFLICT;
    };
  }
}
