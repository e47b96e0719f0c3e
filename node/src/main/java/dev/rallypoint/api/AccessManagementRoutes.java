package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.Caller;
import dev.rallypoint.account.ControlRoles;
import dev.rallypoint.account.UserGroups;
import dev.rallypoint.account.UserGroups.Change;
import dev.rallypoint.account.UserGroups.Ruled;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.account.Scopes.Area;
import dev.rallypoint.store.access.AccessRuleTable.Kind;
import dev.rallypoint.store.access.AccessRuleTable.Party;
import dev.rallypoint.store.access.ControlRoleTable.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What administrators' programs call about user groups and control roles. */
public final class AccessManagementRoutes {
  private static final int LONGEST = 512;
  private static final int MOST = 1_000;
  private static final String GROUPS = "/api/user-groups";
  private static final String GROUP = GROUPS + "/{guid}";
  private static final String ROLES = "/api/control-roles";
  private static final String ROLE = ROLES + "/{guid}";
  private static final Map<Integer, Kind> INCOMING = Map.of(0, Kind.USER_GROUP, 2, Kind.USER);
  private static final Map<Integer, Kind> OUTGOING =
      Map.of(0, Kind.USER_GROUP, 1, Kind.DEVICE_GROUP);

  private final UserGroups groups;
  private final ControlRoles roles;

  private AccessManagementRoutes(UserGroups groups, ControlRoles roles) {
    this.groups = groups;
    this.roles = roles;
  }

  /** Adds them. */
  public static void addTo(
      ApiRouter router, SignedIn signedIn, UserGroups groups, ControlRoles roles) {
    AccessManagementRoutes routes = new AccessManagementRoutes(groups, roles);
    router.addPaced("GET", GROUPS, signedIn.management(Area.USER_GROUP, false, routes::listGroups));
    router.addPaced(
        "POST", GROUPS, signedIn.management(Area.USER_GROUP, true, routes::createGroup));
    router.addPaced(
        "PATCH", GROUP, signedIn.management(Area.USER_GROUP, true, routes::changeGroup));
    router.addPaced(
        "DELETE", GROUP, signedIn.management(Area.USER_GROUP, true, routes::deleteGroup));
    router.addPaced("POST", GROUP, signedIn.management(Area.USER_GROUP, true, routes::moveUsers));
    router.addPaced("GET", ROLES, signedIn.management(Area.CONTROL_ROLE, false, routes::listRoles));
    router.addPaced(
        "POST", ROLES, signedIn.management(Area.CONTROL_ROLE, true, routes::createRole));
    router.addPaced(
        "DELETE", ROLES, signedIn.management(Area.CONTROL_ROLE, true, routes::deleteRoles));
    router.addPaced(
        "PUT",
        ROLES + "/enable",
        signedIn.management(Area.CONTROL_ROLE, true, routes::enableRoles));
    router.addPaced(
        "DELETE", ROLES + "/users", signedIn.management(Area.CONTROL_ROLE, true, routes::takeRole));
    router.addPaced("GET", ROLE, signedIn.management(Area.CONTROL_ROLE, false, routes::getRole));
    router.addPaced("PUT", ROLE, signedIn.management(Area.CONTROL_ROLE, true, routes::changeRole));
    router.addPaced(
        "POST", ROLE + "/users", signedIn.management(Area.CONTROL_ROLE, true, routes::giveRole));
  }

  /** One end of a rule, as scripts write it. */
  record TypedName(int type, String name) {}

  /** A user group. */
  record GroupAnswer(
      String guid,
      String name,
      String note,
      int users,
      List<TypedName> allowedIncomings,
      List<TypedName> allowedOutgoings) {
    static GroupAnswer of(Ruled ruled) {
      return new GroupAnswer(
          ruled.group().guid(),
          ruled.group().name(),
          ruled.group().note(),
          ruled.group().users(),
          typed(ruled.incoming(), INCOMING),
          typed(ruled.outgoing(), OUTGOING));
    }

    private static List<TypedName> typed(List<Party> parties, Map<Integer, Kind> types) {
      List<TypedName> typed = new ArrayList<>();
      for (Party party : parties) {
        types.forEach((type, kind) -> {
          if (kind == party.kind()) {
            typed.add(new TypedName(type, party.name()));
          }
        });
      }
      return typed;
    }
  }

  /** A control role. */
  record RoleAnswer(
      String guid, String name, String note, int status, boolean builtIn, long permissions) {
    static RoleAnswer of(Role role) {
      return new RoleAnswer(
          role.guid(),
          role.name(),
          role.note(),
          role.isEnabled() ? 1 : 0,
          role.isBuiltIn(),
          role.permissions());
    }
  }

  private static <R, A> ApiAnswer paged(ApiRequest request, List<R> rows, Function<R, A> form) {
    QueryParameters.Page page = request.parameters().page();
    return ApiAnswer.json(
        new Paged<>(
            rows.size(), rows.stream().skip(page.offset()).limit(page.size()).map(form).toList()));
  }

  /** A filter by name: with percent signs it is a part of the name, else the name. */
  private static boolean fits(ApiRequest request, String name) {
    String wanted = AccountText.key(request.parameters().text("name").orElse(""));
    String key = AccountText.key(name);
    return wanted.isEmpty()
        || (wanted.contains("%") ? key.contains(wanted.replace("%", "")) : key.equals(wanted));
  }

  private CompletionStage<ApiAnswer> listGroups(ApiRequest request, Caller caller) {
    return groups
        .list()
        .thenApply(list ->
            paged(
                request,
                list.stream().filter(one -> fits(request, one.group().name())).toList(),
                GroupAnswer::of));
  }

  private CompletionStage<ApiAnswer> createGroup(ApiRequest request, Caller caller) {
    return groups.create(change(request), caller.name()).thenApply(guid -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> changeGroup(ApiRequest request, Caller caller) {
    return groups
        .change(request.value("guid"), change(request), caller.name())
        .thenApply(done -> ApiAnswer.done());
  }

  private static Change change(ApiRequest request) {
    JsonNode body = request.json();
    return new Change(
        given(body, "name"),
        given(body, "note"),
        parties(body, "allowed_incomings", INCOMING),
        parties(body, "allowed_outgoings", OUTGOING));
  }

  private static Optional<String> given(JsonNode body, String name) {
    return body.hasNonNull(name)
        ? Optional.of(ApiJson.text(body, name, LONGEST))
        : Optional.empty();
  }

  private static Optional<List<Party>> parties(
      JsonNode body, String name, Map<Integer, Kind> types) {
    if (!body.hasNonNull(name)) {
      return Optional.empty();
    }
    JsonNode list = body.path(name);
    if (!list.isArray() || list.size() > MOST) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " is no list of at most " + MOST);
    }
    List<Party> parties = new ArrayList<>();
    for (JsonNode one : list) {
      @Nullable Kind kind =
          one.path("type").isInt() ? types.get(one.path("type").intValue()) : null;
      if (kind == null) {
        throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " has something of an unknown type");
      }
      parties.add(new Party(kind, ApiJson.text(one, "name", LONGEST)));
    }
    return Optional.of(parties);
  }

  private CompletionStage<ApiAnswer> deleteGroup(ApiRequest request, Caller caller) {
    return groups.delete(request.value("guid"), caller.name()).thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> moveUsers(ApiRequest request, Caller caller) {
    return groups
        .move(request.value("guid"), ApiJson.texts(request.body(), MOST))
        .thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> listRoles(ApiRequest request, Caller caller) {
    Optional<String> status = request.parameters().text("status");
    return roles
        .list()
        .thenApply(list ->
            paged(
                request,
                list.stream()
                    .filter(role -> fits(request, role.name()))
                    .filter(role ->
                        status.isEmpty() || status.get().equals(role.isEnabled() ? "1" : "0"))
                    .toList(),
                RoleAnswer::of));
  }

  private CompletionStage<ApiAnswer> getRole(ApiRequest request, Caller caller) {
    return roles.get(request.value("guid")).thenApply(role -> ApiAnswer.json(RoleAnswer.of(role)));
  }

  private CompletionStage<ApiAnswer> createRole(ApiRequest request, Caller caller) {
    JsonNode body = request.json();
    long permissions = permissions(body).orElse(0L);
    return roles
        .create(ApiJson.text(body, "name", LONGEST), ApiJson.text(body, "note", LONGEST))
        .thenCompose(guid -> roles.change(guid, role -> with(role, body, permissions)))
        .thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> changeRole(ApiRequest request, Caller caller) {
    JsonNode body = request.json();
    Optional<Long> permissions = permissions(body);
    return roles
        .change(
            request.value("guid"), role -> with(role, body, permissions.orElse(role.permissions())))
        .thenApply(done -> ApiAnswer.done());
  }

  private static Role with(Role role, JsonNode body, long permissions) {
    return new Role(
        role.guid(),
        given(body, "name").orElse(role.name()),
        given(body, "note").orElse(role.note()),
        role.isEnabled(),
        role.isBuiltIn(),
        permissions);
  }

  private static Optional<Long> permissions(JsonNode body) {
    JsonNode bits = body.path("permissions");
    if (bits.isMissingNode() || bits.isNull()) {
      return Optional.empty();
    }
    if (!bits.canConvertToLong() || !bits.isIntegralNumber() || bits.longValue() >>> 26 != 0) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "permissions is no number of 13 times 2 bits");
    }
    return Optional.of(bits.longValue());
  }

  private CompletionStage<ApiAnswer> deleteRoles(ApiRequest request, Caller caller) {
    return roles.deleteAll(guids(request, "guids")).thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> enableRoles(ApiRequest request, Caller caller) {
    boolean isEnabled = !request.json().path("disable").asBoolean(false);
    return roles.enableAll(guids(request, "guids"), isEnabled).thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> giveRole(ApiRequest request, Caller caller) {
    return roles
        .giveAll(guids(request, "user_guids"), request.value("guid"))
        .thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> takeRole(ApiRequest request, Caller caller) {
    return roles.giveAll(guids(request, "user_guids"), "").thenApply(done -> ApiAnswer.done());
  }

  private static List<String> guids(ApiRequest request, String name) {
    return ApiJson.texts(name, request.json().path(name), MOST);
  }
}
