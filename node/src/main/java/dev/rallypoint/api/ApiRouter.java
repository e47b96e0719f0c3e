package dev.rallypoint.api;

import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.device.DeviceRefusal;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what answers a request, and turns whatever fails into an answer with {@code error}. 401 is
 * only for a token that has ended: clients log out by it. Safe for all threads.
 */
public final class ApiRouter {
  /** The longest body of most requests, in bytes. */
  public static final int LONGEST_BODY = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);

  private final RouteTable routes = new RouteTable();
  private final ApiPace pace;
  private final Counters counters;
  private final Ticker ticker;
  private final TokenProofs proofs;
  private final HeavyCalls heavy = HeavyCalls.ofThisHeap();
  private final LogRateLimit faultLines = new LogRateLimit(Duration.ofMinutes(1).toNanos());

  /** What answers a request. It may throw as well as give a stage that fails. */
  @FunctionalInterface
  public interface Call {
    CompletionStage<ApiAnswer> answer(ApiRequest request);
  }

  /** A router without routes; those are added before it is used. */
  public ApiRouter(ApiPace pace, Counters counters, Ticker ticker, TokenProofs proofs) {
    this.pace = pace;
    this.counters = counters;
    this.ticker = ticker;
    this.proofs = proofs;
  }

  /** Adds a route that is answered without the database. */
  public void add(String method, String path, Call call) {
    routes.add(method, path, new RouteTable.Route(call, LONGEST_BODY));
  }

  /**
   * Adds a route that costs the database or the processor something; its pace is bounded. Requests
   * with a good token have a pace of their own, so that others of their network do not wait.
   */
  public void addPaced(String method, String path, Call call) {
    addPaced(method, path, LONGEST_BODY, call);
  }

  /**
   * Adds such a route with a longest body of its own.
   *
   * @param path with names in braces for segments that are any text
   * @param longestBody in bytes; bodies over 64 KiB are read only where the request has a token
   */
  public void addPaced(String method, String path, int longestBody, Call call) {
    Call paced =
        request -> {
          if (!takePace(request)) {
            throw tooMany(request.client());
          }
          return call.answer(request);
        };
    routes.add(method, path, new RouteTable.Route(paced, longestBody));
  }

  private boolean takePace(ApiRequest request) {
    Optional<String> token = request.token();
    long now = ticker.millis();
    if (token.isPresent()) {
      String key = TokenProofs.key(token.get());
      if (proofs.isKnown(key)) {
        return pace.takeToken(request.client(), key, now);
      }
    }
    boolean isTaken = pace.takeAccount(request.client(), now);
    if (isTaken && token.isPresent()) {
      var unused = proofs.prove(token.get()).exceptionally(failure -> false);
    }
    return isTaken;
  }

  private ApiRefusal tooMany(PeerAddress client) {
    counters.dropped(DropReason.API_TOO_FREQUENT, client);
    return new ApiRefusal(ApiAnswer.TOO_MANY, "Too many requests, try again later");
  }

  /**
   * Makes a call with a large body or answer. Its token is proved before anything is read, and the
   * bytes of all such calls are bounded.
   *
   * @param bytes what it needs
   */
  public CompletionStage<ApiAnswer> heavy(
      Optional<String> token,
      PeerAddress client,
      long bytes,
      Supplier<CompletionStage<ApiAnswer>> call) {
    if (token.isEmpty()) {
      return CompletableFuture.completedStage(SignedIn.NO_TOKEN);
    }
    String key = TokenProofs.key(token.get());
    if (!proofs.isKnown(key) && !pace.takeLookup(client, ticker.millis())) {
      throw tooMany(client);
    }
    return proofs
        .prove(token.get())
        .thenCompose(isGood ->
            isGood
                ? heavy.run(key, bytes, call)
                : CompletableFuture.completedStage(SignedIn.NO_TOKEN));
  }

  /** The routes, as lines of method and path. */
  List<String> routes() {
    return routes.lines();
  }

  /** Whether there is a path of the API, for ports that serve something else too. */
  public boolean hasPath(String path) {
    return path.startsWith("/api/") || routes.find(path).isPresent();
  }

  /**
   * The longest body that a request may have, in bytes, which is known before it is read.
   *
   * @param hasToken whether it shows a token
   */
  int longestBody(String method, String path, boolean hasToken) {
    return routes
        .find(path)
        .map(found -> found.methods().get(method))
        .filter(route -> hasToken)
        .map(RouteTable.Route::longestBody)
        .orElse(LONGEST_BODY);
  }

  /** Answers a request; the stage never fails. */
  public CompletionStage<ApiAnswer> answer(ApiRequest request) {
    return answered(request.method(), request.path(), () -> call(request));
  }

  /** The answer of a call, also where it fails; the stage never fails. */
  CompletionStage<ApiAnswer> answered(
      String method, String path, Supplier<CompletionStage<ApiAnswer>> call) {
    CompletionStage<ApiAnswer> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(failed(method, path, e));
    }
    return answer.exceptionally(failure -> failed(method, path, Failures.cause(failure)));
  }

  private CompletionStage<ApiAnswer> call(ApiRequest request) {
    RouteTable.Found found =
        routes
            .find(request.path())
            .orElseThrow(
                () -> new ApiRefusal(ApiAnswer.NOT_FOUND, MissingRoute.line(request.path())));
    RouteTable.Route route =
        found.methods().get(request.method().equals("HEAD") ? "GET" : request.method());
    if (route == null) {
      throw new ApiRefusal(
          ApiAnswer.METHOD_NOT_ALLOWED,
          "ask it by " + String.join(" or ", found.methods().keySet()));
    }
    int longest = request.token().isPresent() ? route.longestBody() : LONGEST_BODY;
    if (request.body().length > longest) {
      throw new ApiRefusal(ApiAnswer.TOO_LONG, "the body has more than " + longest + " bytes");
    }
    return route.call().answer(request.with(found.values()));
  }

  private ApiAnswer failed(String method, String path, Throwable failure) {
    return switch (failure) {
      case ApiRefusal refusal -> refusal.answer();
      case AccountRefusal refusal ->
          ApiAnswer.error(status(refusal.kind()), String.valueOf(refusal.getMessage()));
      case DeviceRefusal refusal ->
          ApiAnswer.error(status(refusal.kind()), String.valueOf(refusal.getMessage()));
      case RejectedExecutionException busy ->
          ApiAnswer.error(ApiAnswer.TOO_MANY, "The server is busy, try again");
      default -> {
        if (faultLines.admits(ticker.nanos())) {
          LOG.warn("{} {} failed", method, path, failure);
        }
        yield ApiAnswer.error(ApiAnswer.UNAVAILABLE, "The server's database does not answer");
      }
    };
  }

  private static int status(DeviceRefusal.Kind kind) {
    return switch (kind) {
      case INVALID -> ApiAnswer.BAD_REQUEST;
      case UNKNOWN -> ApiAnswer.NOT_FOUND;
      case CONFLICT -> ApiAnswer.CONFLICT;
    };
  }

  private static int status(AccountRefusal.Kind kind) {
    return switch (kind) {
      case INVALID -> ApiAnswer.BAD_REQUEST;
      case FORBIDDEN -> ApiAnswer.FORBIDDEN;
      case TOKEN_ENDED -> ApiAnswer.UNAUTHORIZED;
      case UNKNOWN -> ApiAnswer.NOT_FOUND;
      case CONFLICT -> ApiAnswer.CONFLICT;
      case TOO_MANY -> ApiAnswer.TOO_MANY;
    };
  }
}
