package dev.rallypoint.registration.notice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rallypoint.policy.HiddenAddresses;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a node says when all of its devices come from one address of this machine. */
class HiddenAddressWarningTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(HiddenAddressWarning.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    said.start();
    log.setLevel(Level.INFO);
    log.addAppender(said);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    log.setLevel(null);
  }

  @Test
  void namesTheAddressAndWhatToSet() throws Exception {
    // An address of its own tells this node's line from those of tests beside it.
    try (TestNode node = TestNode.start(TestSettings.in(folder))) {
      for (int device = 0; device < HiddenAddresses.MANY + 5; device++) {
        try (UdpClient peer = node.udpFrom("127.84.3.7")) {
          String id = "84000" + (1_000 + device);
          peer.registered(id);
          peer.beat(id);
        }
      }
    }
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("127.84.3.7"))
        .singleElement()
        .asString()
        .contains("proxy-protocol", "trusted-proxies", "exempt-networks", "host networking");
  }
}
