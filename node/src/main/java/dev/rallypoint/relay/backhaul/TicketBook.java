package dev.rallypoint.relay.backhaul;

import com.google.protobuf.ByteString;
import dev.rallypoint.relay.session.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Matches those that expect a ticket with those that present it, whichever comes first: a session
 * tells both nodes at the same time, and the one that dials may be the quicker. A ticket is good
 * once. Pure, for one thread.
 *
 * @param <E> what expects a ticket
 * @param <P> what presents one
 */
public final class TicketBook<E, P> {
  private final int bound;
  private final Map<ByteString, Expected<E>> expected = new HashMap<>();
  private final Map<ByteString, Shown<P>> shown = new HashMap<>();

  private record Expected<T>(Ticket ticket, T expecting, long until) {}

  private record Shown<T>(Ticket ticket, T presenting) {}

  /** A book in which at most so many tickets are expected at once. */
  public TicketBook(int bound) {
    this.bound = bound;
  }

  /** Whether one more ticket may be expected. */
  public boolean hasRoom() {
    return expected.size() < bound;
  }

  /** Expects a ticket until then; what has presented it already is returned and removed. */
  public Optional<P> expect(Ticket ticket, E expecting, long until) {
    Shown<P> early = shown.get(ticket.name());
    if (early != null && early.ticket.isSame(ticket)) {
      shown.remove(ticket.name());
      return Optional.of(early.presenting);
    }
    expected.put(ticket.name(), new Expected<>(ticket, expecting, until));
    return Optional.empty();
  }

  /**
   * Presents a ticket; what expects it is returned and removed. Otherwise it may be expected later.
   * A ticket of which only the first half is right changes nothing.
   */
  public Optional<E> show(Ticket ticket, P presenting) {
    Expected<E> entry = expected.get(ticket.name());
    if (entry != null && entry.ticket.isSame(ticket)) {
      expected.remove(ticket.name());
      return Optional.of(entry.expecting);
    }
    shown.putIfAbsent(ticket.name(), new Shown<>(ticket, presenting));
    return Optional.empty();
  }

  /** Its ticket is not expected any more. */
  public void forget(E expecting) {
    expected.values().removeIf(entry -> entry.expecting.equals(expecting));
  }

  /** What has presented a ticket is gone. */
  public void withdraw(P presenting) {
    shown.values().removeIf(entry -> entry.presenting.equals(presenting));
  }

  /** Those whose ticket was not presented in time; they are removed. */
  public List<E> missed(long now) {
    List<E> late = new ArrayList<>();
    expected.values().removeIf(entry -> entry.until - now <= 0 && late.add(entry.expecting));
    return late;
  }
}
