package dev.rallypoint.app.api;

import dev.rallypoint.account.AccessRuleBook;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.ControlRoles;
import dev.rallypoint.account.NetworkRules;
import dev.rallypoint.app.api.AdminRoutes.Done;
import dev.rallypoint.app.management.Json;
import dev.rallypoint.policy.access.ControlPermission;
import dev.rallypoint.store.access.AccessRuleTable.Party;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The routes below {@code /v1/access/}: rules of who may control what, control roles and networks.
 */
final class AccessAdminRoutes extends AllDirectives {
  private static final String OPERATOR = "operator";

  private final AccessRuleBook rules;
  private final ControlRoles roles;
  private final NetworkRules networks;

  AccessAdminRoutes(AccessRuleBook rules, ControlRoles roles, NetworkRules networks) {
    this.rules = rules;
    this.roles = roles;
    this.networks = networks;
  }

  /** A rule as operators write it. */
  record RuleText(Optional<String> from, Optional<String> to) {}

  /** A rule that holds. */
  record RuleLine(String guid, String from, String to, String by, Instant since) {}

  /** A role. */
  record RoleLine(
      String guid,
      String name,
      String note,
      boolean enabled,
      boolean builtIn,
      Map<String, String> permissions) {}

  /** A role to be made. */
  record RoleToMake(Optional<String> name, Optional<String> note) {}

  /** States of permissions by their labels. */
  record Permissions(Optional<Map<String, String>> permissions) {}

  /** Whose role it becomes; the usual one without a name. */
  record Given(Optional<String> role) {}

  /** A network and whether it is allowed. */
  record Network(Optional<String> network, Optional<Boolean> allowed) {}

  Route all() {
    return pathPrefix(
        "access", () -> concat(rules(), endRule(), roles(), roleOfUser(), networks()));
  }

  private Route rules() {
    return path(
        "rules",
        () ->
            concat(
                get(() ->
                    AdminRoutes.answer(
                        rules.list(),
                        list ->
                            Map.of(
                                "rules",
                                list.stream()
                                    .map(one ->
                                        new RuleLine(
                                            one.guid(),
                                            AccessRuleBook.text(one.from()),
                                            AccessRuleBook.text(one.to()),
                                            one.by(),
                                            Instant.ofEpochMilli(one.createdAt())))
                                    .toList()))),
                post(() ->
                    entity(
                        Json.body(RuleText.class),
                        text ->
                            AdminRoutes.answer(
                                of(text, (from, to) -> rules.allow(from, to, OPERATOR)),
                                isNew ->
                                    new Done(
                                        (isNew ? "allowed " : "allowed already ")
                                            + shown(text)))))));
  }

  private Route endRule() {
    return path(
        PathMatchers.segment("rules").slash("end"),
        () ->
            post(() ->
                entity(
                    Json.body(RuleText.class),
                    text ->
                        AdminRoutes.answer(
                            of(text, (from, to) -> rules.disallow(from, to, OPERATOR)),
                            done -> new Done("ended " + shown(text))))));
  }

  private static String shown(RuleText text) {
    return text.from().orElse("") + " -> " + text.to().orElse("");
  }

  private static CompletionStage<Boolean> of(
      RuleText text, BiFunction<Party, Party, CompletionStage<Boolean>> call) {
    try {
      return call.apply(
          AccessRuleBook.from(text.from().orElse("")), AccessRuleBook.to(text.to().orElse("")));
    } catch (AccountRefusal refusal) {
      return CompletableFuture.failedStage(refusal);
    }
  }

  private Route roles() {
    return pathPrefix(
        "roles",
        () ->
            concat(
                pathEnd(() ->
                    concat(
                        get(() ->
                            AdminRoutes.answer(
                                roles.list(),
                                list ->
                                    Map.of(
                                        "roles",
                                        list.stream()
                                            .map(role ->
                                                new RoleLine(
                                                    role.guid(),
                                                    role.name(),
                                                    role.note(),
                                                    role.isEnabled(),
                                                    role.isBuiltIn(),
                                                    ControlPermission.shown(role.permissions())))
                                            .toList()))),
                        post(() ->
                            entity(
                                Json.body(RoleToMake.class),
                                role ->
                                    AdminRoutes.answer(
                                        guarded(() ->
                                            roles.create(
                                                role.name().orElse(""), role.note().orElse(""))),
                                        guid -> new Done("made " + role.name().orElse(""))))))),
                path(
                    PathMatchers.segment(),
                    name ->
                        concat(
                            put(() ->
                                entity(
                                    Json.body(Permissions.class),
                                    change ->
                                        AdminRoutes.answer(
                                            roles.permit(
                                                name, change.permissions().orElse(Map.of())),
                                            done -> new Done("changed " + name)))),
                            delete(() ->
                                AdminRoutes.answer(
                                    roles.delete(name), done -> new Done("deleted " + name)))))));
  }

  private Route roleOfUser() {
    return path(
        PathMatchers.segment("users").slash(PathMatchers.segment()),
        user ->
            put(() ->
                entity(
                    Json.body(Given.class),
                    given ->
                        AdminRoutes.answer(
                            roles.give(user, given.role().orElse("")),
                            done -> new Done("changed " + user)))));
  }

  private Route networks() {
    return path(
        "networks",
        () ->
            concat(
                get(() -> AdminRoutes.answer(networks.list(), lines -> Map.of("networks", lines))),
                post(() ->
                    entity(
                        Json.body(Network.class),
                        line ->
                            AdminRoutes.answer(
                                guarded(() ->
                                    networks.put(
                                        line.network().orElse(""), line.allowed().orElse(true))),
                                done -> new Done("changed " + line.network().orElse(""))))),
                delete(() ->
                    parameter(
                        "network",
                        network ->
                            AdminRoutes.answer(
                                networks.remove(network),
                                done -> new Done("took the rule for " + network + " away"))))));
  }

  private static <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (AccountRefusal refusal) {
      return CompletableFuture.failedStage(refusal);
    }
  }
}
