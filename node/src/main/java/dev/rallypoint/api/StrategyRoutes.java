package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.Caller;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.ConsoleOperation;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.policy.account.Scopes.Area;
import dev.rallypoint.policy.strategy.StrategyOptions;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import dev.rallypoint.strategy.Strategies;
import dev.rallypoint.strategy.Strategies.Edit;
import dev.rallypoint.strategy.Strategies.Strategy;
import dev.rallypoint.strategy.Strategies.Targets;
import dev.rallypoint.strategy.StrategyRefusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What administrators and their programs do with strategies. */
public final class StrategyRoutes {
  private static final int LONGEST_TEXT = 1_024;
  private static final int LONGEST_BODY = 512 * 1_024;
  private static final int MOST = 1_000;
  private static final int GUID = 36;

  private final Strategies strategies;
  private final ConsoleLog console;

  private StrategyRoutes(Strategies strategies, ConsoleLog console) {
    this.strategies = strategies;
    this.console = console;
  }

  /** Adds them. */
  public static void addTo(
      ApiRouter router, SignedIn signedIn, Strategies strategies, ConsoleLog console) {
    StrategyRoutes routes = new StrategyRoutes(strategies, console);
    router.addPaced(
        "GET", "/api/strategies", signedIn.management(Area.STRATEGY, false, routes::list));
    router.addPaced(
        "POST",
        "/api/strategies",
        LONGEST_BODY,
        signedIn.management(Area.STRATEGY, true, routes::create));
    router.addPaced(
        "POST", "/api/strategies/assign", signedIn.management(Area.STRATEGY, true, routes::assign));
    router.addPaced(
        "GET", "/api/strategies/{guid}", signedIn.management(Area.STRATEGY, false, routes::find));
    router.addPaced(
        "PATCH",
        "/api/strategies/{guid}",
        LONGEST_BODY,
        signedIn.management(Area.STRATEGY, true, routes::edit));
    router.addPaced(
        "DELETE",
        "/api/strategies/{guid}",
        signedIn.management(Area.STRATEGY, true, routes::delete));
    router.addPaced(
        "PUT",
        "/api/strategies/{guid}/status",
        signedIn.management(Area.STRATEGY, true, routes::setStatus));
    router.addPaced(
        "POST",
        "/api/strategies/{guid}/publish",
        signedIn.management(Area.STRATEGY, true, routes::publish));
  }

  /**
   * A strategy.
   *
   * @param modifiedAt the number of the version that devices get; 0 before the first one
   * @param configOptions those of the draft
   */
  record StrategyAnswer(
      String guid,
      String name,
      String note,
      boolean enabled,
      long modifiedAt,
      Map<String, String> configOptions,
      Map<String, String> extra) {
    static StrategyAnswer of(Strategy strategy) {
      return new StrategyAnswer(
          strategy.guid(),
          strategy.name(),
          strategy.note(),
          strategy.isEnabled(),
          strategy.published().orElse(0L),
          strategy.draft().configOptions(),
          strategy.draft().extra());
    }
  }

  private CompletionStage<ApiAnswer> list(ApiRequest request, Caller caller) {
    return strategies
        .list(caller.org())
        .thenApply(all -> ApiAnswer.json(all.stream().map(StrategyAnswer::of).toList()));
  }

  private CompletionStage<ApiAnswer> find(ApiRequest request, Caller caller) {
    return refusing(
        strategies
            .find(caller.org(), request.value("guid"))
            .thenApply(found -> ApiAnswer.json(StrategyAnswer.of(found))));
  }

  private CompletionStage<ApiAnswer> create(ApiRequest request, Caller caller) {
    return changed(request, caller, "made", strategies.create(caller.org(), edit(request.json())))
        .thenApply(made -> ApiAnswer.json(StrategyAnswer.of(made)));
  }

  private CompletionStage<ApiAnswer> edit(ApiRequest request, Caller caller) {
    return changed(
            request,
            caller,
            "changed",
            strategies.edit(caller.org(), request.value("guid"), edit(request.json())))
        .thenApply(done -> ApiAnswer.done());
  }

  private static Edit edit(JsonNode body) {
    boolean hasOptions = body.hasNonNull("config_options") || body.hasNonNull("extra");
    return new Edit(
        text(body, "name"),
        text(body, "note"),
        AuditJson.flag(body, "enabled"),
        hasOptions
            ? Optional.of(
                new StrategyOptions(
                    AuditJson.textsByName(body, "config_options"),
                    AuditJson.textsByName(body, "extra")))
            : Optional.empty());
  }

  private static Optional<String> text(JsonNode body, String name) {
    return body.hasNonNull(name)
        ? Optional.of(ApiJson.text(body, name, LONGEST_TEXT))
        : Optional.empty();
  }

  private CompletionStage<ApiAnswer> delete(ApiRequest request, Caller caller) {
    return changed(
            request, caller, "deleted", strategies.delete(caller.org(), request.value("guid")))
        .thenApply(done -> ApiAnswer.done());
  }

  /** The whole body is true or false. */
  private CompletionStage<ApiAnswer> setStatus(ApiRequest request, Caller caller) {
    String body = new String(request.body(), UTF_8).strip();
    if (!body.equals("true") && !body.equals("false")) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the body is neither true nor false");
    }
    boolean isEnabled = body.equals("true");
    return changed(
            request,
            caller,
            isEnabled ? "enabled" : "disabled",
            strategies.edit(
                caller.org(),
                request.value("guid"),
                new Edit(
                    Optional.empty(), Optional.empty(), Optional.of(isEnabled), Optional.empty())))
        .thenApply(done -> ApiAnswer.done());
  }

  private CompletionStage<ApiAnswer> publish(ApiRequest request, Caller caller) {
    Set<String> confirmed =
        Set.copyOf(AuditJson.texts(request.json(), "confirm", MOST, LONGEST_TEXT));
    return changed(
            request,
            caller,
            "published",
            strategies.publish(caller.org(), request.value("guid"), caller.name(), confirmed))
        .thenApply(done -> ApiAnswer.json(StrategyAnswer.of(done)));
  }

  private CompletionStage<ApiAnswer> assign(ApiRequest request, Caller caller) {
    JsonNode body = request.json();
    Optional<String> strategy =
        Optional.of(ApiJson.text(body, "strategy", GUID)).filter(guid -> !guid.isEmpty());
    Targets targets =
        new Targets(guids(body, "peers"), guids(body, "users"), guids(body, "groups"));
    return refusing(
            console.after(
                strategies.assign(caller.org(), strategy, targets),
                actor(request, caller),
                name ->
                    new Change(
                        ConsoleOperation.UPDATE_DEVICE,
                        name.map(known -> "strategy " + known).orElse("no strategy"),
                        "assigned to %d devices, %d users, %d device groups"
                            .formatted(
                                targets.devices().size(),
                                targets.users().size(),
                                targets.groups().size()))))
        .thenApply(done -> ApiAnswer.done());
  }

  private static List<String> guids(JsonNode body, String name) {
    return AuditJson.texts(body, name, MOST, GUID);
  }

  private CompletionStage<Strategy> changed(
      ApiRequest request, Caller caller, String done, CompletionStage<Strategy> change) {
    return refusing(
        console.after(
            change,
            actor(request, caller),
            strategy ->
                new Change(ConsoleOperation.UPDATE_DEVICE, "strategy " + strategy.name(), done)));
  }

  private static Actor actor(ApiRequest request, Caller caller) {
    return new Actor(caller.guid(), caller.name(), request.client().ip());
  }

  private static <T> CompletionStage<T> refusing(CompletionStage<T> stage) {
    return stage.exceptionally(failure -> {
      Throwable cause = Failures.cause(failure);
      if (cause instanceof StrategyRefusal refusal) {
        throw new ApiRefusal(status(refusal), String.valueOf(refusal.getMessage()));
      }
      throw new CompletionException(cause);
    });
  }

  private static int status(StrategyRefusal refusal) {
    return switch (refusal.kind()) {
      case INVALID -> ApiAnswer.BAD_REQUEST;
      case UNKNOWN -> ApiAnswer.NOT_FOUND;
      case CONFLICT -> ApiAnswer.CONFLICT;
    };
  }
}
