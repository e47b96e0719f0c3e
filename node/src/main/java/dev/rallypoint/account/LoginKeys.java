package dev.rallypoint.account;

import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.account.LoginThrottle;
import dev.rallypoint.policy.account.LoginThrottle.Scope;
import dev.rallypoint.store.account.FailureTable;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What the attempts of one user from one network are counted for. Names that nobody has are counted
 * like others.
 */
record LoginKeys(Map<Scope, String> keys) {

  static LoginKeys of(String name, String network) {
    Map<Scope, String> keys = new EnumMap<>(Scope.class);
    String user = AccountText.key(name);
    keys.put(Scope.USER_AND_NETWORK, "b:" + Secrets.hash(user + "\n" + network));
    keys.put(Scope.NETWORK, "n:" + Secrets.hash(network));
    keys.put(Scope.USER, "u:" + Secrets.hash(user));
    return new LoginKeys(keys);
  }

  /**
   * Counts an attempt.
   *
   * @return what is locked by it
   * @throws AccountRefusal when one of them is locked; then nothing is counted
   */
  Set<Scope> count(Handle handle, String org, long now) {
    Set<Scope> locked = EnumSet.noneOf(Scope.class);
    long forgotten = now - LoginThrottle.FORGOTTEN_AFTER.toMillis();
    // In one order on all nodes, so that two attempts do not wait for each other's rows.
    keys.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getValue))
        .forEachOrdered(entry -> {
          Optional<Integer> attempts =
              FailureTable.count(handle, org, entry.getValue(), now, forgotten);
          Duration lock = attempts.map(entry.getKey()::lock).orElseThrow(LoginKeys::locked);
          if (lock.isPositive()) {
            FailureTable.lock(handle, entry.getValue(), now + lock.toMillis());
            locked.add(entry.getKey());
          }
        });
    return locked;
  }

  /** The attempt was right. */
  void takeBack(Handle handle) {
    keys.forEach((scope, key) -> {
      if (scope == Scope.USER_AND_NETWORK) {
        FailureTable.forget(handle, key);
      } else {
        FailureTable.takeBack(handle, key);
      }
    });
  }

  private static AccountRefusal locked() {
    return new AccountRefusal(
        AccountRefusal.Kind.TOO_MANY, "Too many failed log-ins, try again later");
  }
}
