package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.NatType;
import java.net.InetAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one client, as its user and its build would have them.
 *
 * @param device its identity
 * @param version which client it plays
 * @param servers where each service is
 * @param bind the local address of every socket, or null for any
 * @param key the key option's text, empty when the user set none
 * @param token the access token of a logged-in user, else empty
 * @param relayOption the relay-server option, else empty; stronger than what the server names
 * @param forceRelay whether it asks for a relay at once
 * @param udpPunch how it punches UDP
 * @param transport how it reaches its servers
 * @param trust whose certificates it takes, for WebSocket over TLS
 * @param natType replaces the NAT test's result
 * @param connType what it connects for
 * @param timing how long it waits
 */
record Profile(
    Device device,
    ClientVersion version,
    Servers servers,
    @Nullable InetAddress bind,
    String key,
    String token,
    String relayOption,
    boolean forceRelay,
    UdpPunch udpPunch,
    Transport transport,
    @Nullable SSLContext trust,
    Optional<NatType> natType,
    ConnType connType,
    Timing timing) {

  /** The public servers' key, which a client uses when its user set none. */
  static final String BUILT_IN_KEY = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";

  /** What goes into licence_key: never empty since 1.2.0, nothing before. */
  String licenceKey() {
    if (!version.knowsKeys()) {
      return "";
    }
    return key.isEmpty() ? BUILT_IN_KEY : key;
  }

  /** The server key that answers are verified with; empty when the option's text is no key. */
  Optional<PublicKey> serverKey() {
    return PublicKey.parse(key.isEmpty() ? BUILT_IN_KEY : key);
  }

  /** A logged-in client encrypts what it asks the rendezvous server. */
  boolean securesRequests() {
    return version.knowsKeys() && !token.isEmpty() && !transport.isWebSocket();
  }

  /** The relay a target names and uses. */
  String relayFor(String namedByServer) {
    if (!relayOption.isEmpty()) {
      return relayOption;
    }
    return namedByServer.isEmpty() ? servers.defaultRelay() : namedByServer;
  }
}
