package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, however it came.
 *
 * @param method such as {@code POST}
 * @param path without the query
 * @param query what stands behind the question mark, or empty
 * @param values the segments of the path that names in braces of its route stand for
 * @param authorization the value of that header
 * @param contentType the value of that header, or empty
 * @param body its bytes
 * @param client the address of the client, behind trusted proxies
 */
public record ApiRequest(
    String method,
    String path,
    String query,
    Map<String, String> values,
    Optional<String> authorization,
    String contentType,
    byte[] body,
    PeerAddress client) {
  private static final String BEARER = "bearer ";

  /** A request that no route was found for yet. */
  public ApiRequest(
      String method,
      String path,
      String query,
      Optional<String> authorization,
      String contentType,
      byte[] body,
      PeerAddress client) {
    this(method, path, query, Map.of(), authorization, contentType, body, client);
  }

  ApiRequest with(Map<String, String> found) {
    return new ApiRequest(method, path, query, found, authorization, contentType, body, client);
  }

  /** The segment of the path that a name in braces of the route stands for. */
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /** The parameters of the query. */
  public QueryParameters parameters() {
    return new QueryParameters(query);
  }

  /** The token that it shows, or empty. */
  public Optional<String> token() {
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
  public JsonNode json() {
    return ApiJson.object(body);
  }

  /**
   * The texts of a body that is an array of them.
   *
   * @throws ApiRefusal when it is something else, or there are more than so many
   */
  List<String> texts(int most) {
    return ApiJson.texts(body, most);
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
