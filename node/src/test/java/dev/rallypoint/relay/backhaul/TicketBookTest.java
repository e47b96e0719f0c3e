package dev.rallypoint.relay.backhaul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.relay.session.Ticket;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tickets that are expected and presented, in either order. */
class TicketBookTest {
  private static final Ticket TICKET = Ticket.draw(new Random(1));
  private static final Ticket OTHER = Ticket.draw(new Random(2));

  private final TicketBook<String, String> book = new TicketBook<>(2);

  private static Ticket halfRight() {
    return new Ticket(TICKET.name().concat(OTHER.name()));
  }

  @Test
  void bringsThoseTogetherWhoseTicketIsExpectedFirst() {
    assertThat(book.expect(TICKET, "leg", 10)).isEmpty();
    assertThat(book.show(TICKET, "connection")).contains("leg");
  }

  @Test
  void bringsThoseTogetherWhoseTicketIsShownFirst() {
    assertThat(book.show(TICKET, "connection")).isEmpty();
    assertThat(book.expect(TICKET, "leg", 10)).contains("connection");
  }

  @Test
  void letsATicketOpenOnce() {
    book.expect(TICKET, "leg", 10);
    book.show(TICKET, "connection");
    assertThat(book.show(TICKET, "copy")).isEmpty();
  }

  @Test
  void heedsTheWholeTicket() {
    book.expect(TICKET, "leg", 10);
    assertThat(book.show(OTHER, "stranger")).isEmpty();
    assertThat(book.show(halfRight(), "thief")).isEmpty();
    assertThat(book.show(TICKET, "connection")).contains("leg");
  }

  @Test
  void heedsTheWholeTicketOfOneThatWasShownBefore() {
    book.show(halfRight(), "thief");
    assertThat(book.expect(TICKET, "leg", 10)).isEmpty();
    assertThat(book.show(TICKET, "connection")).contains("leg");
  }

  @Test
  void saysWhoseTicketNobodyShowedInTime() {
    book.expect(TICKET, "early", 10);
    book.expect(OTHER, "late", 20);
    assertThat(book.missed(9)).isEmpty();
    assertThat(book.missed(10)).containsExactly("early");
    assertThat(book.missed(10)).isEmpty();
    assertThat(book.show(TICKET, "connection")).isEmpty();
  }

  @Test
  void forgetsThoseWhoAreGone() {
    book.expect(TICKET, "leg", 10);
    book.forget("leg");
    assertThat(book.show(TICKET, "connection")).isEmpty();
    book.withdraw("connection");
    assertThat(book.expect(TICKET, "next", 10)).isEmpty();
  }

  @Test
  void holdsOnlySoManyTickets() {
    assertThat(book.hasRoom()).isTrue();
    book.expect(TICKET, "one", 10);
    book.expect(OTHER, "two", 10);
    assertThat(book.hasRoom()).isFalse();
    book.forget("one");
    assertThat(book.hasRoom()).isTrue();
  }
}
