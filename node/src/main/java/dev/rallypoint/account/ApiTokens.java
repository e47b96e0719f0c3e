package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.account.Scopes;
import dev.rallypoint.store.account.ProgramTokenTable;
import dev.rallypoint.store.account.ProgramTokenTable.ProgramToken;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The tokens of programs, which are good for some areas of the management API and always end.
 * Stages fail with an {@link AccountRefusal} where something is not done, and with the database's
 * exception.
 */
public final class ApiTokens {
  /** How long a token is good where nobody says. */
  public static final Duration USUAL = Duration.ofDays(90);

  private static final Duration LONGEST = Duration.ofDays(3_650);
  private static final int MOST = 1_000;

  private final AccountParts parts;
  private final Logins logins;

  /** The tokens beside those of log-ins. */
  public ApiTokens(AccountParts parts, Logins logins) {
    this.parts = parts;
    this.logins = logins;
  }

  /**
   * A new token.
   *
   * @param token what the program shows; the database has only its hash
   */
  public record Made(ProgramToken known, String token) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Made[" + known.name() + "]";
    }
  }

  /** Makes a token for these scopes, as text. */
  public CompletionStage<Made> create(String name, String scopes, Duration goodFor) {
    Optional<Scopes> known = Scopes.parse(scopes);
    Optional<String> fault =
        AccountText.nameFault(name)
            .or(() ->
                known.isEmpty()
                    ? Optional.of(
                        "the scopes are not such as device:rw,user:r, of " + Scopes.words())
                    : Optional.empty())
            .or(() ->
                goodFor.isPositive() && goodFor.compareTo(LONGEST) <= 0
                    ? Optional.empty()
                    : Optional.of("a token is good for 1 to " + LONGEST.toDays() + " days"));
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(AccountRefusal.invalid(fault.get()));
    }
    return parts.call(handle -> {
      if (ProgramTokenTable.size(handle, Organization.DEFAULT) >= MOST) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST + " tokens already");
      }
      long now = parts.now();
      String token = parts.secrets().token(Secrets.PROGRAM_TOKEN);
      ProgramToken row =
          new ProgramToken(
              parts.secrets().guid(now),
              Organization.DEFAULT,
              name,
              known.orElseThrow().text(),
              now,
              Optional.empty(),
              now + goodFor.toMillis());
      if (!ProgramTokenTable.insert(handle, row, AccountText.key(name), Secrets.hash(token))) {
        throw new AccountRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      return new Made(row, token);
    });
  }

  /** All tokens in the order of their names. */
  public CompletionStage<List<ProgramToken>> list() {
    return parts.call(handle -> ProgramTokenTable.list(handle, Organization.DEFAULT));
  }

  /** Ends a token. */
  public CompletionStage<Boolean> delete(String name) {
    return parts.call(handle -> {
      if (!ProgramTokenTable.delete(handle, Organization.DEFAULT, AccountText.key(name))) {
        throw new AccountRefusal(Kind.UNKNOWN, "there is no token " + name);
      }
      return true;
    });
  }

  /**
   * Who shows a token, of a program or of a log-in; fails with {@link Kind#TOKEN_ENDED} where it is
   * of nobody any more.
   */
  public CompletionStage<Caller> caller(String token) {
    if (!token.startsWith(Secrets.PROGRAM_TOKEN)) {
      return logins.principal(token).thenApply(Caller.Person::new);
    }
    return parts.call(handle -> {
      long now = parts.now();
      ProgramToken known =
          ProgramTokenTable.find(handle, Secrets.hash(token), now)
              .orElseThrow(() ->
                  new AccountRefusal(Kind.TOKEN_ENDED, "The token is unknown or has expired"));
      if (known.lastUsedAt().orElse(0L) < now - Logins.NOTED_AFTER.toMillis()) {
        ProgramTokenTable.setUsed(handle, known.guid(), now);
      }
      return new Caller.Program(
          known.org(),
          known.name(),
          Scopes.parse(known.scopes())
              .orElseThrow(() ->
                  new AccountRefusal(Kind.FORBIDDEN, "The token's scopes are of another version")));
    });
  }
}
