package dev.rallypoint.policy.limit;

import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;

/**
 * The pace of API requests. Those without a proof of who sends them: account requests and look-ups
 * in the database for each network, and what devices tell of themselves and of connections to them
 * for each id and network. Those with a token that was proved: for each token. Heartbeats are
 * answered from memory and not counted. Networks and ids over the maximum are dropped, those used
 * least first, so memory is bounded to some megabytes. Safe for all threads. Times are milliseconds
 * of a monotonic clock.
 */
public final class ApiPace {
  private static final int MOST_KEYS = 20_000;

  private final Networks exempt;
  private final RatePerKey<PeerAddress> accounts = new RatePerKey<>(200, 200, MOST_KEYS);
  private final RatePerKey<PeerAddress> lookups = new RatePerKey<>(20, 1_000, MOST_KEYS);
  private final RatePerKey<DeviceKey> reports = new RatePerKey<>(10_000, 10, MOST_KEYS);

  private final RatePerKey<String> tokens = new RatePerKey<>(20, 1_000, MOST_KEYS);

  private final RatePerKey<DeviceKey> audits = new RatePerKey<>(5_000, 200, MOST_KEYS);

  private record DeviceKey(PeerAddress network, String id) {}

  /**
   * A pace with nothing used.
   *
   * @param exempt networks that are not limited
   */
  public ApiPace(Networks exempt) {
    this.exempt = exempt;
  }

  /** Uses one account request of a client's network: 5 a second, 200 at once. */
  public synchronized boolean takeAccount(PeerAddress client, long nowMillis) {
    return exempt.contains(client) || take(accounts, client.network(), nowMillis);
  }

  /** Uses one request of a token that was proved: 50 a second, 1,000 at once. */
  public synchronized boolean takeToken(PeerAddress client, String token, long nowMillis) {
    return exempt.contains(client) || take(tokens, token, nowMillis);
  }

  /** Uses one look-up of a client's network: 50 a second, 1,000 at once. */
  public synchronized boolean takeLookup(PeerAddress client, long nowMillis) {
    return take(lookups, client.network(), nowMillis);
  }

  /** Uses one report of a device: one in 10 s, 10 at once; it costs a look-up too. */
  public synchronized boolean takeReport(PeerAddress client, String id, long nowMillis) {
    return exempt.contains(client)
        || take(reports, new DeviceKey(client.network(), id), nowMillis)
            && take(lookups, client.network(), nowMillis);
  }

  /** Uses one audit of a device: one in 5 s, 200 at once; it costs a look-up too. */
  public synchronized boolean takeAudit(PeerAddress client, String id, long nowMillis) {
    return exempt.contains(client)
        || take(audits, new DeviceKey(client.network(), id), nowMillis)
            && take(lookups, client.network(), nowMillis);
  }

  private static <K> boolean take(RatePerKey<K> rate, K key, long nowMillis) {
    boolean isAdmitted = rate.admits(key, nowMillis);
    if (isAdmitted) {
      rate.take(key, nowMillis);
    }
    return isAdmitted;
  }
}
