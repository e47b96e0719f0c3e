package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** Which connections have closed while their RegisterPk messages waited for an answer. */
class LinkClaimsTest {
  private final ActorRef<Push> link = TestInbox.<Push>create().getRef();
  private final LinkClaims claims = new LinkClaims();

  @Test
  void aConnectionThatClosesWhileItWaitsIsClosedForEachOfItsMessages() {
    claims.begin(link);
    claims.begin(link);

    claims.close(link);

    assertThat(claims.end(link)).isTrue();
    assertThat(claims.end(link)).isTrue();
  }

  @Test
  void aConnectionThatClosesAfterItsLastAnswerIsForgotten() {
    claims.begin(link);
    assertThat(claims.end(link)).isFalse();

    claims.close(link);

    claims.begin(link);
    assertThat(claims.end(link)).isFalse();
  }
}
