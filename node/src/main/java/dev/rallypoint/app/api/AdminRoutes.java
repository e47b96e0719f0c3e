package dev.rallypoint.app.api;

import static dev.rallypoint.audit.ConsoleOperation.ADD_GROUP;
import static dev.rallypoint.audit.ConsoleOperation.ADD_USER;
import static dev.rallypoint.audit.ConsoleOperation.DELETE_GROUP;
import static dev.rallypoint.audit.ConsoleOperation.DELETE_USER;
import static dev.rallypoint.audit.ConsoleOperation.DISABLE_USER;
import static dev.rallypoint.audit.ConsoleOperation.ENABLE_USER;
import static dev.rallypoint.audit.ConsoleOperation.UPDATE_USER;

import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.app.api.AdminBodies.GroupToMake;
import dev.rallypoint.app.api.AdminBodies.ToInvite;
import dev.rallypoint.app.api.AdminBodies.UserChange;
import dev.rallypoint.app.api.AdminBodies.UserToMake;
import dev.rallypoint.app.management.Json;
import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.ConsoleOperation;
import dev.rallypoint.cluster.Failures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;

/**
 * The routes below {@code /v1/admin/}: users with their tokens and second factors, groups,
 * invitations and the set-up code.
 */
final class AdminRoutes extends AllDirectives {
  private static final int PAGE = 100;
  private static final int MOST = 500;

  private final Accounts accounts;
  private final Invitations invitations;
  private final ConsoleLog console;
  private final ConnectionRoutes connections;

  AdminRoutes(
      Accounts accounts,
      Invitations invitations,
      ConsoleLog console,
      ConnectionRoutes connections) {
    this.accounts = accounts;
    this.invitations = invitations;
    this.console = console;
    this.connections = connections;
  }

  /** What was done. */
  record Done(String done) {}

  Route all() {
    return pathPrefix(
        "admin", () -> concat(users(), groups(), invitations(), setupCode(), connections.all()));
  }

  private Route setupCode() {
    return path(
        "setup-code",
        () ->
            post(() ->
                answer(
                    invitations.setupCode(),
                    code ->
                        Map.of(
                            "code",
                            code.orElseThrow(() ->
                                new ManagementRefusal(
                                    StatusCodes.CONFLICT, "there is an administrator already"))))));
  }

  private Route users() {
    return pathPrefix(
        "users",
        () ->
            concat(
                pathEnd(() -> concat(get(this::listed), post(this::made))),
                path(PathMatchers.segment(), this::one),
                path(PathMatchers.segment().slash("tokens"), this::tokens),
                path(PathMatchers.segment().slash("totp"), this::totp)));
  }

  private Route listed() {
    return parameterOptional(
        "after",
        after ->
            parameterOptional(
                StringUnmarshallers.INTEGER,
                "most",
                most ->
                    answer(
                        accounts.list(after.orElse(""), Math.clamp(most.orElse(PAGE), 1, MOST)),
                        AdminAnswers::users)));
  }

  private Route made() {
    return entity(
        Json.body(UserToMake.class),
        user ->
            answer(
                logged(
                    accounts.create(user.user(), user.password().orElse("")),
                    ADD_USER,
                    user.user().name(),
                    user.user().isAdmin() ? "an administrator" : ""),
                guid -> new Done("made " + user.user().name())));
  }

  private Route one(String name) {
    return concat(
        put(() -> entity(Json.body(UserChange.class), change -> changed(name, change))),
        delete(() ->
            answer(
                logged(accounts.delete(name), DELETE_USER, name, ""),
                done -> new Done("deleted " + name))));
  }

  private Route changed(String name, UserChange change) {
    List<CompletionStage<Boolean>> done =
        List.of(
                change.password().map(password -> accounts.setPassword(name, password)),
                change.enabled().map(isEnabled -> accounts.setEnabled(name, isEnabled)),
                change.admin().map(isAdmin -> accounts.setAdmin(name, isAdmin)),
                change.group().map(group -> accounts.setGroup(name, group)),
                change.totpRequired().map(isRequired -> accounts.setTotpRequired(name, isRequired)))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    if (done.size() != 1) {
      return Json.error(StatusCodes.BAD_REQUEST, "write one thing to change");
    }
    ConsoleOperation operation =
        change
            .enabled()
            .map(isEnabled -> isEnabled ? ENABLE_USER : DISABLE_USER)
            .orElse(UPDATE_USER);
    return answer(
        logged(done.getFirst(), operation, name, change.detail()),
        isDone -> new Done("changed " + name));
  }

  private Route tokens(String name) {
    return concat(
        get(() -> answer(accounts.tokens(name), AdminAnswers::tokens)),
        delete(() ->
            answer(
                logged(accounts.endTokens(name), UPDATE_USER, name, "logged out"),
                count -> new Done("logged " + name + " out of " + count + " clients"))));
  }

  private Route totp(String name) {
    return concat(
        post(() ->
            answer(
                logged(accounts.enrolTotp(name), UPDATE_USER, name, "a new second factor"),
                enrolment -> enrolment)),
        delete(() ->
            answer(
                logged(accounts.clearTotp(name), UPDATE_USER, name, "no second factor"),
                done -> new Done("took the second factor of " + name + " away"))));
  }

  private Route groups() {
    return pathPrefix(
        "groups",
        () ->
            concat(
                pathEnd(() ->
                    concat(
                        get(() -> answer(invitations.groups(), groups -> Map.of("groups", groups))),
                        post(() ->
                            entity(
                                Json.body(GroupToMake.class),
                                group ->
                                    answer(
                                        logged(
                                            invitations.createGroup(
                                                group.name().orElse(""), group.note().orElse("")),
                                            ADD_GROUP,
                                            group.name().orElse(""),
                                            ""),
                                        guid -> new Done("made " + group.name().orElse(""))))))),
                path(
                    PathMatchers.segment(),
                    name ->
                        delete(() ->
                            answer(
                                logged(invitations.deleteGroup(name), DELETE_GROUP, name, ""),
                                done -> new Done("deleted " + name))))));
  }

  private Route invitations() {
    return pathPrefix(
        "invitations",
        () ->
            concat(
                pathEnd(() ->
                    concat(
                        get(() -> answer(invitations.list(), AdminAnswers::invitations)),
                        post(() ->
                            entity(
                                Json.body(ToInvite.class),
                                who ->
                                    answer(
                                        logged(
                                            invitations.invite(
                                                who.name().orElse(""),
                                                who.email().orElse(""),
                                                who.group().orElse("")),
                                            ADD_USER,
                                            who.name().orElse(""),
                                            "invited"),
                                        AdminAnswers::invitation))))),
                path(
                    PathMatchers.segment(),
                    guid ->
                        delete(() ->
                            answer(
                                logged(
                                    invitations.takeBack(guid),
                                    UPDATE_USER,
                                    guid,
                                    "invitation taken back"),
                                done -> new Done("took the invitation back"))))));
  }

  /** With a row in the console's audit. */
  private <T> CompletionStage<T> logged(
      CompletionStage<T> made, ConsoleOperation operation, String target, String detail) {
    return console.after(made, ConsoleLog.OPERATOR, new Change(operation, target, detail));
  }

  static <T> Route answer(CompletionStage<T> stage, Function<T, ?> form) {
    return Directives.onSuccess(
        stage.exceptionally(failure -> {
          throw new CompletionException(refusal(Failures.cause(failure)));
        }),
        value -> Json.ok(form.apply(value)));
  }

  /** What operators are told of a failure. */
  static ManagementRefusal refusal(Throwable failure) {
    return switch (failure) {
      case ManagementRefusal refusal -> refusal;
      case AccountRefusal refusal ->
          new ManagementRefusal(status(refusal.kind()), String.valueOf(refusal.getMessage()));
      default ->
          new ManagementRefusal(
              StatusCodes.SERVICE_UNAVAILABLE,
              "the database does not answer: " + failure.getMessage());
    };
  }

  private static StatusCode status(AccountRefusal.Kind kind) {
    return switch (kind) {
      case INVALID -> StatusCodes.BAD_REQUEST;
      case FORBIDDEN, TOKEN_ENDED -> StatusCodes.FORBIDDEN;
      case UNKNOWN -> StatusCodes.NOT_FOUND;
      case CONFLICT -> StatusCodes.CONFLICT;
      case TOO_MANY -> StatusCodes.TOO_MANY_REQUESTS;
    };
  }
}
