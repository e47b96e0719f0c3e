package dev.rallypoint.api;

import dev.rallypoint.account.ApiTokens;
import dev.rallypoint.account.Caller;
import dev.rallypoint.account.Logins;
import dev.rallypoint.account.Principal;
import dev.rallypoint.policy.account.Scopes.Area;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes calls of those that only a logged-in user may make. Without a token, or with one that has
 * ended, the answer is 401, by which clients log out.
 */
public final class SignedIn {
  static final ApiAnswer NO_TOKEN =
      ApiAnswer.error(ApiAnswer.UNAUTHORIZED, "Your login has ended, log in again");

  private final Logins logins;
  private final ApiTokens tokens;

  /** Looks tokens up in the log-ins, and in the tokens of programs. */
  public SignedIn(Logins logins, ApiTokens tokens) {
    this.logins = logins;
    this.tokens = tokens;
  }

  /** What answers a request of a user. */
  @FunctionalInterface
  public interface UserCall {
    CompletionStage<ApiAnswer> answer(ApiRequest request, Principal user);
  }

  /** What answers a request of the management API. */
  @FunctionalInterface
  interface ManagementCall {
    CompletionStage<ApiAnswer> answer(ApiRequest request, Caller caller);
  }

  /**
   * A call of the management API, for programs whose token has the scope and for administrators;
   * others get 403.
   *
   * @param toWrite whether it changes something
   */
  ApiRouter.Call management(Area area, boolean toWrite, ManagementCall call) {
    return request ->
        request
            .token()
            .map(token ->
                tokens
                    .caller(token)
                    .thenCompose(caller -> {
                      if (!caller.may(area, toWrite)) {
                        throw new ApiRefusal(ApiAnswer.FORBIDDEN, missing(caller, area, toWrite));
                      }
                      return call.answer(request, caller);
                    }))
            .orElseGet(() -> CompletableFuture.completedStage(NO_TOKEN));
  }

  private static String missing(Caller caller, Area area, boolean toWrite) {
    return switch (caller) {
      case Caller.Person person -> "Admin required!";
      case Caller.Program program ->
          "The token has no scope %s:%s".formatted(area.word(), toWrite ? "rw" : "r");
    };
  }

  /** A call for any user. */
  public ApiRouter.Call user(UserCall call) {
    return request ->
        request
            .token()
            .map(token -> logins.principal(token).thenCompose(user -> call.answer(request, user)))
            .orElseGet(() -> CompletableFuture.completedStage(NO_TOKEN));
  }
}
