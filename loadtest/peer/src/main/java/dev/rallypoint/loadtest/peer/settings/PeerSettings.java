package dev.rallypoint.loadtest.peer.settings;

import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.NatType;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one simulated client.
 *
 * @param device its UUID and key pair
 * @param version the client version that it simulates
 * @param servers the addresses of the servers
 * @param options what its user has set
 * @param transport how it reaches the servers
 * @param tls the certificates that it trusts on WebSocket over TLS; null trusts those of the JDK
 * @param natType used instead of the result of the NAT test, where present
 * @param timing its intervals and timeouts
 */
public record PeerSettings(
    Device device,
    ClientVersion version,
    ServerAddresses servers,
    UserOptions options,
    Transport transport,
    @Nullable SSLContext tls,
    Optional<NatType> natType,
    ClientTiming timing) {
  /** The key of the public servers, which a client uses when its user set none. */
  public static final String BUILT_IN_KEY = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";

  /** The value of {@code licence_key}: never empty since 1.2.0, always empty before. */
  public String licenceKey() {
    return version.sendsKey() ? keyOption() : "";
  }

  /** The server key that signatures are verified with; empty when the option is not a key. */
  public Optional<PublicKey> serverKey() {
    return PublicKey.parse(keyOption());
  }

  private String keyOption() {
    return options.key().isEmpty() ? BUILT_IN_KEY : options.key();
  }

  /** Whether requests to the ID server are encrypted: a logged-in client does that over TCP. */
  public boolean encryptsRequests() {
    return version.sendsKey() && !options.token().isEmpty() && !transport.isWebSocket();
  }

  /** The relay that a target names and uses. */
  public String relayFor(String namedByServer) {
    return namedByServer.isEmpty() ? servers.defaultRelay() : namedByServer;
  }
}
