package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;

/**
 * A request, however it came.
 *
 * @param method such as {@code POST}
 * @param path without the query
 * @param authorization the value of that header
 * @param contentType the value of that header, or empty
 * @param body its bytes
 * @param client the address of the client, behind trusted proxies
 */
public record ApiRequest(
    String method,
    String path,
    Optional<String> authorization,
    String contentType,
    byte[] body,
    PeerAddress client) {
  private static final String BEARER = "bearer ";

  /** The token that it shows, or empty. */
  Optional<String> token() {
    return authorization
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip())
        .filter(value -> !value.isEmpty());
  }

  /**
   * The JSON object of its body, whatever its content type; an empty one for an empty body.
   *
   * @throws ApiRefusal when it is something else
   */
  JsonNode json() {
    return ApiJson.object(body);
  }

  /** The network whose requests are counted together, as text. */
  String network() {
    return client.network().ip();
  }

  /** Without the token and the body. */
  @Override
  public String toString() {
    return "ApiRequest[" + method + " " + path + "]";
  }
}
