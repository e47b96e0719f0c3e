package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.time.WallClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Asks an HTTP port for its status and its time. */
record HttpProbe(HttpClient http, WallClock clock) {

  /**
   * An answer.
   *
   * @param status of HTTP, or 0 without an answer
   * @param ahead by how much the answer's Date is ahead of this machine's clock
   */
  record Answer(Contact contact, int status, Optional<Duration> ahead) {}

  /** Asks for a URL; its body is not read. */
  Answer get(URI url) {
    Instant before = clock.instant();
    try {
      HttpResponse<Void> response =
          http.send(
              HttpRequest.newBuilder(url)
                  .timeout(Duration.ofMillis(FrameLink.PATIENCE_MILLIS))
                  .version(HttpClient.Version.HTTP_1_1)
                  .build(),
              BodyHandlers.discarding());
      Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      return new Answer(
          Contact.ANSWERED,
          response.statusCode(),
          response.headers().firstValue("Date").flatMap(date -> ahead(date, middle)));
    } catch (IOException e) {
      return new Answer(NoAnswerException.ofHttp(e).contact(), 0, Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(Contact.SILENT, 0, Optional.empty());
    }
  }

  private static Optional<Duration> ahead(String date, Instant here) {
    try {
      Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(here, there));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
