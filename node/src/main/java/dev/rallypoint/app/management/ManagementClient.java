package dev.rallypoint.app.management;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.config.ManagementSettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Asks and tells the node on this machine by its management port, for the commands of the command
 * line. Finds port, address and token by the settings that the node itself was started with.
 */
public final class ManagementClient implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final int UNAUTHORIZED = 401;

  private final HttpClient client;
  private final URI base;
  private final ManagementToken token;

  private ManagementClient(URI base, ManagementToken token) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();
    this.base = base;
    this.token = token;
  }

  /** Thrown when there is no answer or it is an error; the message is one line for the operator. */
  public static final class NoAnswerException extends RuntimeException {
    private final int status;

    private NoAnswerException(int status, String line) {
      super(line);
      this.status = status;
    }

    /** The HTTP status of the answer; 0 when none came. */
    public int status() {
      return status;
    }
  }

  /**
   * A client for the node with these settings.
   *
   * @throws SettingException when it has no management port, or its token cannot be read
   */
  public static ManagementClient of(NodeSettings settings) {
    ManagementSettings management = settings.management();
    if (management.port() == 0) {
      throw new SettingException(
          "management-port", 0, "the node has none to be asked at; give it one and start it again");
    }
    return new ManagementClient(
        URI.create("http://" + host(management.bind()) + ":" + management.port()),
        ManagementToken.load(settings.data()));
  }

  /** Loopback where the node listens at all addresses. */
  private static String host(String bind) {
    return switch (bind) {
      case "", "0.0.0.0", "::" -> "127.0.0.1";
      default -> bind.contains(":") ? "[" + bind + "]" : bind;
    };
  }

  /**
   * Asks for a path such as {@code /v1/node}.
   *
   * @throws NoAnswerException when there is no answer, or it is an error
   */
  public JsonNode get(String path) {
    return exchange("GET", path, BodyPublishers.noBody());
  }

  /** Posts a value that is written as JSON; the same exceptions. */
  public JsonNode post(String path, Object body) {
    return exchange("POST", path, BodyPublishers.ofString(Json.text(body)));
  }

  /** Replaces what is at a path; the same exceptions. */
  public JsonNode put(String path, Object body) {
    return exchange("PUT", path, BodyPublishers.ofString(Json.text(body)));
  }

  /** Deletes what is at a path; the same exceptions. */
  public JsonNode delete(String path) {
    return exchange("DELETE", path, BodyPublishers.noBody());
  }

  private JsonNode exchange(String method, String path, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(ANSWER_WITHIN)
            .header("Authorization", token.authorization())
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    try {
      return answer(client.send(request, BodyHandlers.ofString()));
    } catch (ConnectException e) {
      throw new NoAnswerException(
          0,
          ("nothing listens at %s: start the node, or tell where it listens, as 'serve' was told:"
                  + " --set management-port=PORT, --set management-bind=IP, --set bind=IP")
              .formatted(base));
    } catch (IOException e) {
      throw new NoAnswerException(0, "no answer from %s: %s".formatted(base, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException(0, "it was interrupted");
    }
  }

  private JsonNode answer(HttpResponse<String> response) {
    JsonNode body;
    try {
      body = Json.parsed(response.body());
    } catch (JacksonException e) {
      throw new NoAnswerException(
          response.statusCode(), "what answers at %s is no node".formatted(base));
    }
    if (response.statusCode() == UNAUTHORIZED) {
      throw new NoAnswerException(
          UNAUTHORIZED,
          ("the node at %s has another data folder: name that one by --data, or its port by --set"
                  + " management-port=PORT")
              .formatted(base));
    }
    if (response.statusCode() / 100 != 2) {
      throw new NoAnswerException(
          response.statusCode(), body.path("error").asText("status " + response.statusCode()));
    }
    return body;
  }

  @Override
  public void close() {
    client.close();
  }
}
