package dev.rallypoint.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.config.AccessMode;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.access.AccessPolicy;
import dev.rallypoint.policy.access.AccessPolicy.Grant;
import dev.rallypoint.policy.access.AccessPolicy.Question;
import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.access.Controller;
import dev.rallypoint.policy.access.Controller.LoggedIn;
import dev.rallypoint.policy.access.Controller.Stranger;
import dev.rallypoint.policy.access.Target;
import dev.rallypoint.policy.access.Verdict;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * Decides for a node who may control which device. What decides is in memory; the database is asked
 * for what is not, and twice a second whether it has changed. While the database does not answer,
 * what is known holds for 15 s; then the mode {@code open} lets everybody through, and the other
 * modes nobody. Safe for all threads; stages never fail.
 */
public final class AccessControl {
  private static final String VERIFIER = "switch-grant-verifier\0";

  private final AccessMode mode;
  private final AccessKnowledge known;
  private final Optional<AuditReferences> references;
  private final RandomGenerator random;
  private final Counters counters;
  private final Ticker ticker;
  private final ApiPace pace = new ApiPace(new Networks(List.of()));
  private final LiveSessions live = new LiveSessions(this::again);

  /**
   * The control of a node.
   *
   * @param org the guid of the organization
   * @param references seals the references for targets; empty where the node cannot
   */
  public AccessControl(
      AccessMode mode,
      AccountDatabase database,
      String org,
      Optional<AuditReferences> references,
      RandomGenerator random,
      Counters counters,
      Ticker ticker,
      WallClock wallClock) {
    this.mode = mode;
    this.known = new AccessKnowledge(database, org, ticker, wallClock);
    this.references = references;
    this.random = random;
    this.counters = counters;
    this.ticker = ticker;
  }

  /**
   * Asks the database whether anything has changed; then sessions of those who have no access any
   * more are ended. Called twice a second.
   *
   * @return complete when it is known; never fails
   */
  public CompletionStage<Void> look() {
    return known
        .look()
        .thenCompose(isMoved -> isMoved ? live.judgeAgain() : done())
        .exceptionally(failure -> null);
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedStage(null);
  }

  /** The sessions that were let through here. */
  public LiveSessions live() {
    return live;
  }

  /** What the node has in memory. */
  AccessKnowledge knowledge() {
    return known;
  }

  /** The mode that decides. */
  public AccessMode mode() {
    return mode;
  }

  /** Finds out who asks, before anything is told of the device. */
  public CompletionStage<Asker> identify(Shown shown) {
    if (mode == AccessMode.OPEN && (shown.isPlain() || isForeign(shown)) && !known.isOfUse()) {
      return CompletableFuture.completedStage(Asker.undecided(shown));
    }
    if (!known.isFresh()) {
      return CompletableFuture.completedStage(unchecked(shown));
    }
    return known
        .rules()
        .thenCombine(controller(shown), (rules, controller) -> asker(shown, controller, rules))
        .exceptionally(failure -> unchecked(shown));
  }

  private static boolean isForeign(Shown shown) {
    return !shown.hasCode() && !shown.mayBeOurs();
  }

  private Asker asker(Shown shown, Controller controller, AccessRules rules) {
    return new Asker(
        shown,
        controller,
        rules,
        AccessPolicy.refusal(mode, rules, controller, shown.from(), shown.hasCode()),
        true);
  }

  private Asker unchecked(Shown shown) {
    if (mode == AccessMode.OPEN) {
      counters.count(Event.ACCESS_UNCHECKED);
      return Asker.undecided(shown);
    }
    return Asker.refused(shown, Verdict.unchecked());
  }

  private CompletionStage<Controller> controller(Shown shown) {
    if (shown.token().isEmpty()) {
      return CompletableFuture.completedStage(Stranger.PLAIN);
    }
    if (!shown.mayBeOurs()) {
      return CompletableFuture.completedStage(Stranger.ENDED);
    }
    String hash = HexFormat.of().formatHex(sha256(shown.token()));
    return known.hasLogin(hash) || takesLookup(shown.from()) ? known.login(hash) : tooFrequent();
  }

  private boolean takesLookup(PeerAddress from) {
    boolean isAdmitted = pace.takeLookup(from, ticker.millis());
    if (!isAdmitted) {
      counters.dropped(DropReason.API_TOO_FREQUENT, from);
    }
    return isAdmitted;
  }

  private static <T> CompletionStage<T> tooFrequent() {
    return CompletableFuture.failedStage(new RejectedExecutionException("too many look-ups"));
  }

  /**
   * Decides.
   *
   * @param isRegistered whether anybody has the id
   */
  public CompletionStage<Decision> decide(Asker asker, PeerId target, boolean isRegistered) {
    if (asker.refusal().isPresent()) {
      return CompletableFuture.completedStage(Decision.of(asker.refusal().get()));
    }
    if (!asker.isDecided()) {
      return CompletableFuture.completedStage(Decision.of(Verdict.open()));
    }
    boolean isOfNoMatter = mode != AccessMode.STRICT && !asker.rules().isOfUse();
    CompletionStage<Target> facts =
        isOfNoMatter || !isRegistered
            ? CompletableFuture.completedStage(Target.UNKNOWN)
            : known.target(target);
    return facts
        .thenCombine(
            grant(asker.shown(), target), (device, grant) -> decision(asker, device, grant))
        .exceptionally(failure -> Decision.of(failed()));
  }

  private Verdict failed() {
    if (mode == AccessMode.OPEN) {
      counters.count(Event.ACCESS_UNCHECKED);
      return Verdict.open();
    }
    return Verdict.unchecked();
  }

  private CompletionStage<Optional<Grant>> grant(Shown shown, PeerId target) {
    if (!shown.hasCode()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return takesLookup(shown.from())
        ? known.grant(verifier(shown.switchCode()), target)
        : tooFrequent();
  }

  private Decision decision(Asker asker, Target device, Optional<Grant> grant) {
    Verdict verdict = judge(asker, device, grant);
    return verdict.isAllowed()
        ? new Decision(verdict, permit(asker.controller(), verdict))
        : Decision.of(verdict);
  }

  private Verdict judge(Asker asker, Target device, Optional<Grant> grant) {
    return AccessPolicy.judge(
        new Question(mode, asker.rules(), asker.controller(), asker.shown().from(), device, grant),
        known.millis());
  }

  private Permit permit(Controller controller, Verdict verdict) {
    if (!(controller instanceof LoggedIn user)) {
      return new Permit(verdict.permissions(), Optional.empty(), "");
    }
    AuditReference reference =
        new AuditReference(random.nextLong(), user.user(), user.token(), known.millis());
    return new Permit(
        verdict.permissions(),
        Optional.of(reference),
        references.map(seal -> seal.seal(reference)).orElse(""));
  }

  /**
   * Decides again about a session that was let through, by what holds now.
   *
   * @param from the controlling client's address
   */
  public CompletionStage<Verdict> again(AuditReference reference, PeerId device, PeerAddress from) {
    return known
        .rules()
        .thenCombine(
            known.loginOfGuid(reference.token()),
            (rules, controller) -> asker(new Shown("", "", from), controller, rules))
        .thenCombine(
            known.target(device),
            (asker, facts) -> {
              boolean isOut = asker.controller() instanceof Stranger;
              return isOut ? Verdict.ended() : judge(asker, facts, Optional.empty());
            })
        .exceptionally(failure -> Verdict.unchecked());
  }

  /**
   * What would be decided.
   *
   * @param user the name of a user, or empty for somebody who is not logged in
   * @return empty where there is no such user; fails as the database does
   */
  public CompletionStage<Optional<Verdict>> explain(String user, PeerId device, PeerAddress from) {
    CompletionStage<Optional<Controller>> asking =
        user.isEmpty()
            ? CompletableFuture.completedStage(Optional.of(Stranger.PLAIN))
            : known.user(user);
    return known
        .rules()
        .thenCombine(known.target(device), (rules, target) -> Map.entry(rules, target))
        .thenCombine(
            asking,
            (facts, controller) ->
                controller.map(who ->
                    judge(
                        asker(new Shown("", "", from), who, facts.getKey()),
                        facts.getValue(),
                        Optional.empty())));
  }

  /** Reads what a target shows as {@code conn_audit_ref}; empty when it is none of ours. */
  public Optional<AuditReference> open(String sealed) {
    return references.flatMap(seal -> seal.open(sealed));
  }

  /** What the code of a "switch sides" is stored as. */
  static String verifier(String code) {
    return Base64.getEncoder().encodeToString(sha256(VERIFIER + code));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
