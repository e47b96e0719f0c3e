package dev.rallypoint.api;

import dev.rallypoint.account.Logins;
import dev.rallypoint.account.Principal;
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

  /** Looks tokens up in the log-ins. */
  public SignedIn(Logins logins) {
    this.logins = logins;
  }

  /** What answers a request of a user. */
  @FunctionalInterface
  public interface UserCall {
    CompletionStage<ApiAnswer> answer(ApiRequest request, Principal user);
  }

  /** A call for any user. */
  public ApiRouter.Call user(UserCall call) {
    return request ->
        request
            .token()
            .map(token -> logins.principal(token).thenCompose(user -> call.answer(request, user)))
            .orElseGet(() -> CompletableFuture.completedStage(NO_TOKEN));
  }

  /** A call for administrators; others get 403. */
  public ApiRouter.Call admin(UserCall call) {
    return user((request, user) -> {
      if (!user.isAdmin()) {
        throw new ApiRefusal(ApiAnswer.FORBIDDEN, "Admin required!");
      }
      return call.answer(request, user);
    });
  }
}
