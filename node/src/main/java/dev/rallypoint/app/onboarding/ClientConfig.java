package dev.rallypoint.app.onboarding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rallypoint.config.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of a client, in the forms that clients take: fields to fill in, one text to import,
 * a QR code, and the name of RustDesk's program for Windows, which reads its own name.
 *
 * @param host what is written as ID server: a name or IPv4 address, with the port where it is not
 *     21116
 * @param relay what is written as relay server, empty where clients find it by themselves
 * @param key what is written as key
 */
public record ClientConfig(String host, String relay, String key) {
  private static final int USUAL_PORT = 21_116;

  /** Only ASCII: then neither '-' stands twice in the text, nor does a client misread a letter. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /**
   * The settings for clients of a node.
   *
   * @param name the server's name or IPv4 address, without a port
   */
  public static ClientConfig of(NodeSettings settings, String name, String key) {
    int port = settings.rendezvous().port();
    int relay = settings.relay().port();
    boolean isFound = relay == port + 1 || !settings.rendezvous().relayServers().isEmpty();
    return new ClientConfig(withPort(name, port), isFound ? "" : name + ":" + relay, key);
  }

  /** What is written as ID server for a name, or words in its place, and a port. */
  public static String withPort(String name, int port) {
    return port == USUAL_PORT ? name : name + ":" + port;
  }

  /**
   * The text that clients import: JSON in base64url without padding, written backwards. Clients
   * take it from the clipboard, and with {@code rustdesk --config}.
   */
  public String text() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("host", host);
    if (!relay.isEmpty()) {
      fields.put("relay", relay);
    }
    fields.put("key", key);
    try {
      byte[] json = JSON.writeValueAsString(fields).getBytes(StandardCharsets.US_ASCII);
      String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(json);
      return new StringBuilder(base64).reverse().toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the QR code has to say so that a client's camera takes it. */
  public String qrText() {
    return "config=" + text();
  }

  /**
   * The name to give RustDesk's program for Windows. Readable where a file may be named so, and
   * with a last comma, because Windows adds " (1)" to the name of a second download; else with the
   * text to import.
   */
  public String fileName() {
    String readable = "rustdesk-host=%s,key=%s,%s.exe".formatted(host, key, relayInName());
    return readable.matches("[A-Za-z0-9._+=,-]+")
        ? readable
        : "rustdesk-licensed-" + text() + ".exe";
  }

  private String relayInName() {
    return relay.isEmpty() ? "" : "relay=" + relay + ",";
  }
}
