package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.ClientJournal.Refusal;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.net.InetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class RegistrationEventsTest {
  private static final PeerAddress CLIENT =
      PeerAddress.of(InetAddress.ofLiteral("203.0.113.7"), 40_000);

  @Test
  void notesOneRefusalForAClientOverItsLimit() {
    Counters counters = new Counters();
    RegisterPk message = RegisterPk.newBuilder().setId("123456789").build();
    new RegistrationEvents(counters)
        .answered(
            new Registrar.Rename(message, CLIENT, TestInbox.<Registrar.Renamed>create().getRef()),
            Result.TOO_FREQUENT);

    assertThat(counters.journal().refusalsOf(CLIENT))
        .isEqualTo(counters.journal().refusalsAbout("123456789"))
        .extracting(Refusal::reason)
        .containsExactly("id_change too_frequent");
  }
}
