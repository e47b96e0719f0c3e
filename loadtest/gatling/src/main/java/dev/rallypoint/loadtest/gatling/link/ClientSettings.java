package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import dev.rallypoint.protocol.identity.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What all simulated clients of a run share.
 *
 * @param servers the servers, one or more; users are spread over them in turn
 * @param key the access key as users type it; empty for none
 * @param sources the own addresses
 * @param version the client's version
 * @param timeout how long an answer may take
 * @param answersPushes whether registered peers answer PunchHole, FetchLocalAddr and RequestRelay
 * @param joinsRelays whether a peer that has agreed to a relay connects to it and echoes
 * @param userOffset added to Gatling's user numbers, so that several generators differ
 */
public record ClientSettings(
    List<ServerAddress> servers,
    String key,
    SourceAddresses sources,
    ClientVersion version,
    Duration timeout,
    boolean answersPushes,
    boolean joinsRelays,
    long userOffset) {

  public ClientSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server given");
    }
  }

  /** The server of a place in the list, counted round. */
  public ServerAddress server(long place) {
    return servers.get((int) Math.floorMod(place, (long) servers.size()));
  }

  /** The server's public key; empty when none was given, or a text that is none. */
  public Optional<PublicKey> publicKey() {
    return PublicKey.parse(key);
  }
}
