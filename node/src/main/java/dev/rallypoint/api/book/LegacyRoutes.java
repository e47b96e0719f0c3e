package dev.rallypoint.api.book;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Principal;
import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiRequest;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.api.SignedIn.UserCall;
import dev.rallypoint.book.LegacyBook;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The whole personal book in one call, as clients below 1.2.4 read and write it. One such call of a
 * token is answered at a time, and few of all.
 */
final class LegacyRoutes {
  /** The longest book, in bytes. */
  static final int LONGEST_BOOK = 8 * 1024 * 1024;

  private final ApiRouter router;
  private final LegacyBook book;

  private LegacyRoutes(ApiRouter router, LegacyBook book) {
    this.router = router;
    this.book = book;
  }

  static void addTo(ApiRouter router, SignedIn signedIn, AccountParts accounts) {
    LegacyRoutes routes = new LegacyRoutes(router, new LegacyBook(accounts));
    router.addPaced("GET", "/api/ab", routes.heavy(signedIn, routes::read));
    router.addPaced("POST", "/api/ab/get", routes.heavy(signedIn, routes::readWithTime));
    // Its body is bounded before it is read.
    router.addPaced("POST", "/api/ab", LONGEST_BOOK, signedIn.user(routes::write));
  }

  private ApiRouter.Call heavy(SignedIn signedIn, UserCall call) {
    ApiRouter.Call known = signedIn.user(call);
    return request ->
        router.heavy(request.token(), request.client(), LONGEST_BOOK, () -> known.answer(request));
  }

  private CompletionStage<ApiAnswer> read(ApiRequest request, Principal user) {
    return book.read(user).thenApply(content -> ApiAnswer.json(LegacyJson.of(content)));
  }

  private CompletionStage<ApiAnswer> readWithTime(ApiRequest request, Principal user) {
    return book.read(user)
        .thenApply(content -> {
          Map<String, Object> answer = LegacyJson.of(content);
          answer.put("updated_at", Instant.ofEpochMilli(content.updatedAt()).toString());
          return ApiAnswer.json(answer);
        });
  }

  private CompletionStage<ApiAnswer> write(ApiRequest request, Principal user) {
    return BookRoutes.done(book.write(user, LegacyJson.copy(request.body())));
  }
}
