package dev.rallypoint.transport.tls;

import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the certificate again when its files change. New connections get the new one; files that
 * cannot be used are named once in the log, and the old certificate stays. It reads files, so it
 * belongs on a dispatcher for blocking work.
 */
public final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

  private final TlsSettings files;
  private final AtomicReference<Certificate> current;
  private final Counters counters;
  private String used;
  private String last;

  /** Tells to look at the files now. */
  enum Look {
    NOW
  }

  private CertificateWatch(
      TlsSettings files, AtomicReference<Certificate> current, Counters counters) {
    this.files = files;
    this.current = current;
    this.counters = counters;
    this.used = stateOf(files);
    this.last = used;
  }

  /** A text that changes with the files; links are followed. */
  private static String stateOf(TlsSettings files) {
    return stateOf(files.certificate()) + " " + stateOf(files.key());
  }

  private static String stateOf(Path file) {
    try {
      Path real = file.toRealPath();
      return real + " " + Files.readAttributes(real, "fileKey,lastModifiedTime,size");
    } catch (IOException notThereNow) {
      return "";
    }
  }

  /**
   * Watches the files of a certificate that has just been read.
   *
   * @param current what is put in place of; this actor is its one writer
   * @param every how often to look; a change counts once it is seen twice, so that a pair that is
   *     half written is not taken
   */
  public static Behavior<?> create(
      TlsSettings files, AtomicReference<Certificate> current, Duration every, Counters counters) {
    return Behaviors.<Look>withTimers(timers -> {
      timers.startTimerWithFixedDelay(Look.NOW, every);
      CertificateWatch watch = new CertificateWatch(files, current, counters);
      return Behaviors.receiveMessage(look -> {
        watch.look();
        return Behaviors.same();
      });
    });
  }

  /** Says in the log what is wrong with a certificate that is in use. */
  public static void warn(String problem) {
    LOG.warn("clients will not take this node's certificate: {}", problem);
  }

  private void look() {
    String now = stateOf(files);
    boolean isSettled = now.equals(last);
    last = now;
    if (!isSettled || now.equals(used)) {
      return;
    }
    used = now;
    try {
      Certificate read = Certificate.load(files);
      current.set(read);
      counters.count(Event.CERTIFICATES_RELOADED);
      LOG.info("the certificate was read again");
      read.problem().ifPresent(CertificateWatch::warn);
    } catch (RuntimeException e) {
      counters.count(Event.CERTIFICATES_REFUSED);
      LOG.warn("the certificate stays as it was: {}", e.getMessage());
    }
  }
}
