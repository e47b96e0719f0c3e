package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a start that takes long says in the log. */
class StartupWaitNoticeTest {
  private static final List<String> NODES = List.of("10.0.0.1:25520", "10.0.0.2:25520");
  private static final Duration MOST = Duration.ofSeconds(45);

  private final AtomicLong clock = new AtomicLong(-5);
  private final Logger log = (Logger) LoggerFactory.getLogger(StartupWaitNotice.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    log.setLevel(null);
  }

  @Test
  void namesOnceForWhomItWaitsAndHowLong() {
    StartupWaitNotice notice = new StartupWaitNotice(clock::get);
    clock.addAndGet(StartupWaitNotice.USUAL.toNanos() + 1);
    notice.onWait(NODES, MOST);
    notice.onWait(NODES, MOST);
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("waits for 10.0.0.1:25520, 10.0.0.2:25520, up to 45 s");
  }

  @Test
  void saysNothingOfAStartThatIsAsQuickAsUsual() {
    StartupWaitNotice notice = new StartupWaitNotice(clock::get);
    clock.addAndGet(StartupWaitNotice.USUAL.toNanos());
    notice.onWait(NODES, MOST);
    assertThat(said.list).isEmpty();
  }
}
