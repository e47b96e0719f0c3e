package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.Logins;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.ConsoleOperation;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.account.User;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a client calls to log in, to know who is logged in, and to log out. */
public final class AccountRoutes {
  private static final int LONGEST = 512;
  private static final ApiAnswer NO_OPTIONS = ApiAnswer.json(List.of());
  private static final ApiAnswer NO_TOKEN =
      ApiAnswer.error(ApiAnswer.UNAUTHORIZED, "Your login has ended, log in again");

  private final Logins logins;
  private final ConsoleLog console;

  private AccountRoutes(Logins logins, ConsoleLog console) {
    this.logins = logins;
    this.console = console;
  }

  /**
   * Adds them.
   *
   * @param console has a row of each log-in
   */
  public static void addTo(ApiRouter router, Logins logins, ConsoleLog console) {
    AccountRoutes routes = new AccountRoutes(logins, console);
    router.add(
        "GET", "/api/login-options", request -> CompletableFuture.completedStage(NO_OPTIONS));
    router.addPaced("POST", "/api/login", routes::login);
    router.addPaced("POST", "/api/currentUser", routes::currentUser);
    router.addPaced("POST", "/api/logout", routes::logout);
  }

  /**
   * A user as clients read one.
   *
   * @param status 1 for one that may log in, else 0
   * @param info must be there, and an object
   */
  record UserAnswer(
      String name,
      String displayName,
      String email,
      String note,
      int status,
      boolean isAdmin,
      Map<String, Object> info) {
    static UserAnswer of(User user) {
      return new UserAnswer(
          user.name(),
          user.profile().displayName(),
          user.profile().email(),
          user.profile().note(),
          user.isEnabled() ? 1 : 0,
          user.isAdmin(),
          Map.of());
    }
  }

  /** The client is logged in. */
  record LoginAnswer(String type, String accessToken, UserAnswer user) {
    /** Without the token. */
    @Override
    public String toString() {
      return "LoginAnswer";
    }
  }

  /** The client is to ask for a code. */
  record CodeAnswer(String type, String tfaType, String secret, NamedUser user) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "CodeAnswer";
    }
  }

  /** Whose code is asked for. */
  record NamedUser(String name, String email) {}

  private CompletionStage<ApiAnswer> login(ApiRequest request) {
    JsonNode body = request.json();
    String type = ApiJson.text(body, "type", LONGEST);
    Device device = device(body, request);
    return switch (type) {
      case "", "account" -> {
        String name = ApiJson.text(body, "username", LONGEST);
        String password = ApiJson.text(body, "password", LONGEST);
        if (name.isEmpty() || password.isEmpty()) {
          throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "username or password is missing");
        }
        yield logins
            .login(name, password, device, request.network())
            .thenCompose(outcome -> noted(outcome, device))
            .thenApply(AccountRoutes::answer);
      }
      case "email_code" -> {
        String tfaCode = ApiJson.text(body, "tfaCode", LONGEST);
        String code = tfaCode.isEmpty() ? ApiJson.text(body, "verificationCode", LONGEST) : tfaCode;
        yield logins
            .confirm(ApiJson.text(body, "secret", LONGEST), code, device, request.network())
            .thenCompose(outcome -> noted(outcome, device))
            .thenApply(AccountRoutes::answer);
      }
      default ->
          throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "this server has no such way to log in");
    };
  }

  private CompletionStage<Logins.Outcome> noted(Logins.Outcome outcome, Device device) {
    CompletionStage<Logins.Outcome> done = CompletableFuture.completedStage(outcome);
    return outcome instanceof Logins.Outcome.LoggedIn(User user, String token)
        ? console.after(
            done,
            new Actor(user.guid(), user.name(), device.ip()),
            new Change(ConsoleOperation.LOGIN, user.name(), device.client()))
        : done;
  }

  private static Device device(JsonNode body, ApiRequest request) {
    JsonNode info = body.path("deviceInfo");
    String client =
        "%s %s %s"
            .formatted(
                ApiJson.text(info, "type", LONGEST),
                ApiJson.text(info, "os", LONGEST),
                ApiJson.text(info, "name", LONGEST))
            .replaceAll("\\p{Cntrl}", " ")
            .strip();
    return new Device(
        ApiJson.text(body, "id", PeerId.MAX_LENGTH),
        ApiJson.text(body, "uuid", LONGEST),
        client.substring(0, Math.min(client.length(), AccountText.LONGEST_TEXT)),
        request.client().ip());
  }

  private static ApiAnswer answer(Logins.Outcome outcome) {
    return ApiAnswer.json(
        switch (outcome) {
          case Logins.Outcome.LoggedIn(User user, String token) ->
              new LoginAnswer("access_token", token, UserAnswer.of(user));
          // Clients take the type email_check for all codes, and tell them by tfa_type.
          case Logins.Outcome.CodeNeeded(User user, String secret) ->
              new CodeAnswer(
                  "email_check",
                  "tfa_check",
                  secret,
                  new NamedUser(user.name(), AccountText.masked(user.profile().email())));
        });
  }

  /** Its body does not matter: 400 would log the client out. */
  private CompletionStage<ApiAnswer> currentUser(ApiRequest request) {
    Optional<String> token = request.token();
    return token.isEmpty()
        ? CompletableFuture.completedStage(NO_TOKEN)
        : logins.current(token.get()).thenApply(user -> ApiAnswer.json(UserAnswer.of(user)));
  }

  /** Who has no token is logged out already. */
  private CompletionStage<ApiAnswer> logout(ApiRequest request) {
    return request
        .token()
        .map(logins::logout)
        .orElseGet(() -> CompletableFuture.completedStage(false))
        .thenApply(wasLoggedIn -> ApiAnswer.done());
  }
}
