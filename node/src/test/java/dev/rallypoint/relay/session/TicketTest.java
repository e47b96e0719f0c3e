package dev.rallypoint.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A ticket is a secret. */
class TicketTest {
  static final Ticket TICKET = Ticket.draw(new Random(7));

  @Test
  void isNotShown() {
    assertThat(TICKET).hasToString("Ticket[secret]");
    assertThat(new Ticket(ByteString.EMPTY)).hasToString("Ticket[none]");
  }
}
