package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The history of registrations and answers about a set of ids, and the check of the rule on keys:
 * an id belongs to the first device whose registration was acknowledged, and only that device may
 * change its key. Times are {@code System.nanoTime} values. An answer may be based on any moment
 * between its request and its arrival.
 */
public final class KeyHistory {
  private final Map<String, List<Registration>> registrations = new LinkedHashMap<>();
  private final List<Answer> answers = new ArrayList<>();

  /** A device sent its key; it is acknowledged when the answer was OK. */
  private static final class Registration {
    private final String device;
    private final ByteString key;
    private final long sent;
    private boolean acknowledged;
    private long acknowledgedAt;

    private Registration(String device, ByteString key, long sent) {
      this.device = device;
      this.key = key;
      this.sent = sent;
    }

    private boolean isAcknowledgedBefore(long moment) {
      return acknowledged && acknowledgedAt - moment < 0;
    }
  }

  /** The answer to a requester about an id. */
  private record Answer(String id, ByteString key, long requested, long received) {}

  /**
   * Records that a device sends a registration, which the server may store, acknowledged or not.
   *
   * @return its number, for {@link #acknowledged}
   */
  public synchronized int registered(String id, String device, ByteString key, long sent) {
    List<Registration> ofId = registrations.computeIfAbsent(id, any -> new ArrayList<>());
    ofId.add(new Registration(device, key, sent));
    return ofId.size() - 1;
  }

  /** Records that a registration was answered with OK. */
  public synchronized void acknowledged(String id, int number, long received) {
    Registration confirmed = registrations.getOrDefault(id, List.of()).get(number);
    confirmed.acknowledged = true;
    confirmed.acknowledgedAt = received;
  }

  /**
   * Records the answer to a requester.
   *
   * @param key the key in the answer; empty when the answer had an address without a key
   */
  public synchronized void answered(String id, ByteString key, long requested, long received) {
    answers.add(new Answer(id, key, requested, received));
  }

  /** How many answers to requesters are recorded. */
  public synchronized int answers() {
    return answers.size();
  }

  /** How many registrations and answers are recorded. */
  public synchronized int size() {
    return answers.size() + registrations.values().stream().mapToInt(List::size).sum();
  }

  /** How many registrations were acknowledged. */
  public synchronized long acknowledgements() {
    return registrations.values().stream()
        .flatMap(List::stream)
        .filter(r -> r.acknowledged)
        .count();
  }

  /** Describes each violation of the rule on keys. */
  public synchronized List<String> violations() {
    List<String> found = new ArrayList<>();
    registrations.forEach((id, ofId) -> {
      List<String> owners =
          ofId.stream().filter(r -> r.acknowledged).map(r -> r.device).distinct().toList();
      if (owners.size() > 1) {
        found.add(id + " was acknowledged to " + String.join(" and ", owners));
      }
    });
    for (Answer answer : answers) {
      check(answer, registrations.getOrDefault(answer.id(), List.of()), found);
    }
    return found;
  }

  private static void check(Answer answer, List<Registration> ofId, List<String> found) {
    if (answer.key().isEmpty()) {
      found.add(answer.id() + " was answered without a signed key");
      return;
    }
    List<Registration> possible =
        ofId.stream()
            .filter(r -> r.key.equals(answer.key()) && r.sent - answer.received() < 0)
            .toList();
    if (possible.isEmpty()) {
      found.add(answer.id() + " was answered with a key that no device had sent");
      return;
    }
    List<Registration> certain =
        ofId.stream().filter(r -> r.isAcknowledgedBefore(answer.requested())).toList();
    boolean isOthers =
        certain.stream().anyMatch(c -> possible.stream().noneMatch(p -> p.device.equals(c.device)));
    if (isOthers) {
      found.add(answer.id() + " was answered with the key of a device that does not own it");
      return;
    }
    // A key is outdated when a newer one was acknowledged before the request.
    boolean isOutdated =
        certain.stream()
            .anyMatch(c ->
                !c.key.equals(answer.key())
                    && possible.stream().allMatch(p -> p.isAcknowledgedBefore(c.sent)));
    if (isOutdated) {
      found.add(answer.id() + " was answered with a key that its device had changed before");
    }
  }
}
