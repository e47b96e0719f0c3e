package dev.rallypoint.metrics.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.AccessLines;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {
  private static final PeerAddress CLIENT =
      PeerAddress.of(InetAddress.ofLiteral("203.0.113.7"), 40_000);

  private final AtomicLong clock = new AtomicLong(5);
  private final AccessLog log = new AccessLog(clock::get);
  private final AccessLines lines = new AccessLines();

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void hasTheFieldsThatHaveAValueInTheirOrder() {
    log.refused("relay_taken", CLIENT, Asked.RELAY, null, "a-uuid");
    assertThat(lines.all())
        .containsExactly(
            "INFO refused reason=relay_taken address=203.0.113.7:40000 what=relay session=a-uuid");
  }

  @Test
  void makesWhatClientsSendOneWord() {
    log.refused("uuid_mismatch", CLIENT, Asked.REGISTRATION, "a b\u2028c key=1", "");
    assertThat(lines.all()).singleElement().asString().endsWith(" id=a_b_c_key=1");
  }

  @Test
  void showsNoLetterThatChangesHowALineIsRead() {
    log.refused("uuid_mismatch", CLIENT, Asked.REGISTRATION, "12\u202E34\u200B\u009B5\uD800", "");
    assertThat(lines.all()).singleElement().asString().endsWith(" id=12_34__5_");
  }

  @Test
  void tellsOfAWrongKeyHoweverManyOthersAreRefused() {
    for (int i = 0; i < AccessLog.BURST + 1; i++) {
      log.refused("uuid_mismatch", CLIENT, Asked.REGISTRATION, "123456789", null);
    }
    log.wrongKey(CLIENT, Asked.PUNCH, "1", "704ade2c4214");
    assertThat(lines.all()).last().asString().startsWith("WARN refused reason=access_key ");
  }

  @Test
  void cutsWhatIsTooLong() {
    log.refused("relay_taken", CLIENT, Asked.RELAY, null, "x".repeat(10_000));
    assertThat(lines.all()).singleElement().asString().endsWith(" session=" + "x".repeat(128));
  }

  @Test
  void tellsOfARegistrationThatChangesNothingAtDebugOnly() {
    log.registered("123456789", CLIENT, "udp", "none");
    log.registered("123456789", CLIENT, "udp", "new");
    assertThat(lines.all())
        .containsExactly(
            "DEBUG registered id=123456789 address=203.0.113.7:40000 via=udp change=none",
            "INFO registered id=123456789 address=203.0.113.7:40000 via=udp change=new");
  }

  @Test
  void hasOneWarningAboutAWrongKeyForEachAddressAndMinute() {
    assertThat(log.wrongKey(CLIENT, Asked.PUNCH, "1", "704ade2c4214")).isTrue();
    assertThat(log.wrongKey(CLIENT, Asked.RELAY, null, "704ade2c4214")).isFalse();
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(log.wrongKey(CLIENT, Asked.RELAY, null, "none")).isTrue();
    assertThat(lines.all())
        .containsExactly(
            "WARN refused reason=access_key address=203.0.113.7:40000 what=punch id=1"
                + " key=704ade2c4214",
            "WARN refused reason=access_key address=203.0.113.7:40000 what=relay key=none");
  }

  @Test
  void leavesLinesOverTheirBoundOutAndTellsHowManyInAMinute() {
    Logger own = (Logger) LoggerFactory.getLogger(AccessLog.class);
    ListAppender<ILoggingEvent> notices = new ListAppender<>();
    notices.start();
    own.addAppender(notices);
    try {
      for (int i = 0; i < AccessLog.BURST + 70; i++) {
        log.punch(Asked.PUNCH, CLIENT, "1", PunchVerdict.OFFLINE, "");
      }
      log.renamed("new", CLIENT, "old"); // another event has a bound of its own
      assertThat(lines.all()).hasSize(AccessLog.BURST + 1);
      assertThat(notices.list).isEmpty();

      clock.addAndGet(Duration.ofMinutes(1).toNanos());
      log.punch(Asked.PUNCH, CLIENT, "1", PunchVerdict.OFFLINE, "");

      assertThat(lines.all()).hasSize(AccessLog.BURST + 2);
      assertThat(notices.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .startsWith("70 lines of punch were left out");
    } finally {
      own.detachAppender(notices);
    }
  }

  @Test
  void admitsSoManyASecondAfterItsBurst() {
    LineBudget budget = new LineBudget(2, 10);
    assertThat(budget.take(0)).isTrue();
    assertThat(budget.take(0)).isTrue();
    assertThat(budget.take(0)).isFalse();
    assertThat(budget.take(Duration.ofMillis(99).toNanos())).isFalse();
    assertThat(budget.take(Duration.ofMillis(100).toNanos())).isTrue();
    assertThat(budget.takeOver()).isEqualTo(2);
    assertThat(budget.takeOver()).isZero();
  }
}
