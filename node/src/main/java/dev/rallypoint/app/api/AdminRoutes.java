package dev.rallypoint.app.api;

import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.Accounts.NewUser;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.app.management.Json;
import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.store.account.User.Profile;
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

/**
 * The routes below {@code /v1/admin/}: users with their tokens and second factors, groups,
 * invitations and the set-up code.
 */
final class AdminRoutes extends AllDirectives {
  private static final int PAGE = 100;
  private static final int MOST = 500;

  private final Accounts accounts;
  private final Invitations invitations;

  AdminRoutes(Accounts accounts, Invitations invitations) {
    this.accounts = accounts;
    this.invitations = invitations;
  }

  /** What was done. */
  record Done(String done) {}

  /** A user to be made. */
  record UserToMake(
      Optional<String> name,
      Optional<String> password,
      Optional<String> displayName,
      Optional<String> email,
      Optional<String> note,
      Optional<String> group,
      Optional<Boolean> admin) {
    NewUser user() {
      return new NewUser(
          name.orElse(""),
          new Profile(displayName.orElse(""), email.orElse(""), note.orElse("")),
          admin.orElse(false),
          group.orElse(""));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "UserToMake[" + name + "]";
    }
  }

  /** What is changed of a user; one of them. */
  record UserChange(
      Optional<String> password,
      Optional<Boolean> enabled,
      Optional<Boolean> admin,
      Optional<String> group,
      Optional<Boolean> totpRequired) {
    /** Without the password. */
    @Override
    public String toString() {
      return "UserChange";
    }
  }

  /** Who is invited. */
  record ToInvite(Optional<String> name, Optional<String> email, Optional<String> group) {}

  /** A group to be made. */
  record GroupToMake(Optional<String> name, Optional<String> note) {}

  Route all() {
    return pathPrefix("admin", () -> concat(users(), groups(), invitations(), setupCode()));
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
                accounts.create(user.user(), user.password().orElse("")),
                guid -> new Done("made " + user.user().name())));
  }

  private Route one(String name) {
    return concat(
        put(() -> entity(Json.body(UserChange.class), change -> changed(name, change))),
        delete(() -> answer(accounts.delete(name), done -> new Done("deleted " + name))));
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
    return answer(done.getFirst(), isDone -> new Done("changed " + name));
  }

  private Route tokens(String name) {
    return concat(
        get(() -> answer(accounts.tokens(name), AdminAnswers::tokens)),
        delete(() ->
            answer(
                accounts.endTokens(name),
                count -> new Done("logged " + name + " out of " + count + " clients"))));
  }

  private Route totp(String name) {
    return concat(
        post(() -> answer(accounts.enrolTotp(name), enrolment -> enrolment)),
        delete(() ->
            answer(
                accounts.clearTotp(name),
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
                                        invitations.createGroup(
                                            group.name().orElse(""), group.note().orElse("")),
                                        guid -> new Done("made " + group.name().orElse(""))))))),
                path(
                    PathMatchers.segment(),
                    name ->
                        delete(() ->
                            answer(
                                invitations.deleteGroup(name),
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
                                        invitations.invite(
                                            who.name().orElse(""),
                                            who.email().orElse(""),
                                            who.group().orElse("")),
                                        AdminAnswers::invitation))))),
                path(
                    PathMatchers.segment(),
                    guid ->
                        delete(() ->
                            answer(
                                invitations.takeBack(guid),
                                done -> new Done("took the invitation back"))))));
  }

  private <T> Route answer(CompletionStage<T> stage, Function<T, ?> form) {
    return onSuccess(
        stage.exceptionally(failure -> {
          throw new CompletionException(refusal(Failures.cause(failure)));
        }),
        value -> Json.ok(form.apply(value)));
  }

  static ManagementRefusal refusal(Throwable failure) {
    return failure instanceof AccountRefusal refusal
        ? new ManagementRefusal(status(refusal.kind()), String.valueOf(refusal.getMessage()))
        : new ManagementRefusal(
            StatusCodes.SERVICE_UNAVAILABLE,
            "the database does not answer: " + failure.getMessage());
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
