package dev.rallypoint.relay.backhaul;

import com.google.protobuf.ByteString;
import dev.rallypoint.relay.session.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings those who expect a ticket together with those who show it, whichever comes first: a
 * session tells both nodes at once, and the one that dials may be the quicker. A ticket is good for
 * one meeting. Pure, for one thread.
 *
 * @param <E> who expects a ticket
 * @param <P> who shows one
 */
public final class TicketBook<E, P> {
  private final int bound;
  private final Map<ByteString, Expected<E>> expected = new HashMap<>();
  private final Map<ByteString, Shown<P>> shown = new HashMap<>();

  private record Expected<T>(Ticket ticket, T who, long until) {}

  private record Shown<T>(Ticket ticket, T who) {}

  /**
   * @param bound the most that may expect tickets at once
   */
  public TicketBook(int bound) {
    this.bound = bound;
  }

  /** Whether one more may expect a ticket. */
  public boolean hasRoom() {
    return expected.size() < bound;
  }

  /** Somebody expects a ticket until then; who has shown it already is given and forgotten. */
  public Optional<P> expect(Ticket ticket, E who, long until) {
    Shown<P> early = shown.get(ticket.name());
    if (early != null && early.ticket.isSame(ticket)) {
      shown.remove(ticket.name());
      return Optional.of(early.who);
    }
    expected.put(ticket.name(), new Expected<>(ticket, who, until));
    return Optional.empty();
  }

  /**
   * Somebody shows a ticket; who expects it is given and forgotten. Otherwise it may still come to
   * be expected. A ticket that is only half right changes nothing.
   */
  public Optional<E> show(Ticket ticket, P who) {
    Expected<E> entry = expected.get(ticket.name());
    if (entry != null && entry.ticket.isSame(ticket)) {
      expected.remove(ticket.name());
      return Optional.of(entry.who);
    }
    shown.putIfAbsent(ticket.name(), new Shown<>(ticket, who));
    return Optional.empty();
  }

  /** Somebody expects no ticket any more. */
  public void forget(E who) {
    expected.values().removeIf(entry -> entry.who.equals(who));
  }

  /** Somebody who has shown a ticket is gone. */
  public void withdraw(P who) {
    shown.values().removeIf(entry -> entry.who.equals(who));
  }

  /** Those whose ticket nobody showed in time; they are forgotten. */
  public List<E> missed(long now) {
    List<E> late = new ArrayList<>();
    expected.values().removeIf(entry -> entry.until - now <= 0 && late.add(entry.who));
    return late;
  }
}
