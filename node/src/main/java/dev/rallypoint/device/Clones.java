package dev.rallypoint.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.device.CloneWatch;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.account.DeviceRegistrationTable;
import dev.rallypoint.store.account.DeviceRegistrationTable.Twins;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds devices that were cloned, mostly by an image of a disk: one uuid at two addresses or with
 * two keys at once, or with two ids that are both online. Each is counted, noted in its row and
 * logged, once in an hour. Safe for all threads.
 */
public final class Clones {
  private static final Logger LOG = LoggerFactory.getLogger(Clones.class);
  private static final int MOST = 10_000;
  private static final Duration TOLD_AGAIN = Duration.ofHours(1);

  private final DeviceParts parts;
  private final Counters counters;
  private final Ticker ticker;
  private final CloneWatch watch = new CloneWatch(MOST);
  private final Cache<String, Boolean> told;
  private volatile Function<List<String>, CompletionStage<BitSet>> online =
      ids -> CompletableFuture.completedStage(new BitSet());

  /** None is known yet. */
  public Clones(DeviceParts parts, Counters counters, Ticker ticker) {
    this.parts = parts;
    this.counters = counters;
    this.ticker = ticker;
    this.told =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(TOLD_AGAIN)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** Which of some ids are online, by their places, is asked here from now on. */
  public void askOnline(Function<List<String>, CompletionStage<BitSet>> question) {
    online = question;
  }

  /** A device registers with another address or key than before. */
  void onChange(PeerRow before, PeerRow now) {
    if (!before.uuid().equals(now.uuid()) || before.uuid().isEmpty()) {
      return; // the id is another device's
    }
    String from = before.ip() + before.key().hashCode();
    String to = now.ip() + now.key().hashCode();
    if (!from.equals(to) && isClone(now.id().value(), from, to)) {
      tell(List.of(now.id().value()), "it registers from " + before.ip() + " and " + now.ip());
    }
  }

  private boolean isClone(String id, String from, String to) {
    synchronized (watch) {
      return watch.onChange(id, from, to, ticker.millis());
    }
  }

  /** Devices have registered whose uuid other ids have too. */
  void onTwins(List<Twins> twins) {
    if (twins.isEmpty()) {
      return;
    }
    List<String> ids =
        twins.stream().flatMap(pair -> List.of(pair.one(), pair.other()).stream()).toList();
    var unused =
        online
            .apply(ids)
            .thenAccept(places -> {
              for (int i = 0; i < twins.size(); i++) {
                if (places.get(2 * i) && places.get(2 * i + 1)) {
                  Twins pair = twins.get(i);
                  tell(
                      List.of(pair.one(), pair.other()),
                      "%s and %s are online with one uuid".formatted(pair.one(), pair.other()));
                }
              }
            });
  }

  private void tell(List<String> ids, String how) {
    Set<String> fresh = new HashSet<>();
    for (String id : ids) {
      if (told.asMap().putIfAbsent(id, true) == null) {
        fresh.add(id);
      }
    }
    if (fresh.isEmpty()) {
      return;
    }
    counters.count(Event.DEVICES_CLONED, fresh.size());
    LOG.warn(
        "the device {} was cloned, {}: install RustDesk anew on one of them, without its old configuration",
        fresh.iterator().next(),
        how);
    var unused =
        parts.call(handle -> {
          DeviceRegistrationTable.setCloned(handle, List.copyOf(fresh), parts.now());
          return true;
        });
  }
}
