package dev.rallypoint.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The legs at home on this node, by number and by uuid. For one thread. */
final class GuestBook {
  private final Map<Long, Guest> byNumber = new HashMap<>();
  private final Map<String, List<Guest>> byUuid = new HashMap<>();

  void add(Guest guest) {
    byNumber.put(guest.leg().number(), guest);
    byUuid.computeIfAbsent(guest.uuid(), uuid -> new ArrayList<>(2)).add(guest);
  }

  @Nullable Guest remove(long number) {
    Guest guest = byNumber.remove(number);
    if (guest != null) {
      byUuid.computeIfPresent(
          guest.uuid(), (uuid, all) -> all.remove(guest) && all.isEmpty() ? null : all);
    }
    return guest;
  }

  @Nullable Guest get(long number) {
    return byNumber.get(number);
  }

  /** Whether two legs have this uuid already, of which one at least is here. */
  boolean isTaken(String uuid) {
    return byUuid.getOrDefault(uuid, List.of()).stream().anyMatch(Guest::isIntroduced);
  }

  /** Whether a leg is here that may still find its partner. */
  boolean isAwaited(String uuid) {
    return byUuid.getOrDefault(uuid, List.of()).stream().anyMatch(guest -> !guest.isIntroduced());
  }

  /** All of them, as they are now. */
  List<Guest> all() {
    return List.copyOf(byNumber.values());
  }

  int size() {
    return byNumber.size();
  }
}
