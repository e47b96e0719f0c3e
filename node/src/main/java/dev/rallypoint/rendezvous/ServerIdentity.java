package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import dev.rallypoint.time.Ticker;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The server's key pair, and what the ID server signs with it.
 *
 * @param signing the pair, or empty when the node has none: then it signs and encrypts nothing
 * @param offers the first frames of TCP connections, where there is a pair
 * @param random a cryptographically strong source
 */
record ServerIdentity(
    Optional<SigningKey> signing, Optional<KeyExchangeOffers> offers, RandomGenerator random) {

  /** The identity of a node with this pair. */
  static ServerIdentity of(Optional<SigningKey> signing, RandomGenerator random, Ticker ticker) {
    return new ServerIdentity(
        signing, signing.map(pair -> new KeyExchangeOffers(pair, random, ticker)), random);
  }

  /** The KeyExchange that begins a TCP connection. */
  Optional<ServerKeyExchange> keyExchange() {
    return offers.map(KeyExchangeOffers::next);
  }

  /**
   * A peer's id and public key with the server's signature, which lets a requester verify its
   * target; empty where there is no pair or no key.
   */
  ByteString signed(PeerId peer, ByteString key) {
    return signing
        .filter(pair -> key.size() == PublicKey.LENGTH)
        .map(pair -> SignedPeerKey.sign(pair, peer, new PublicKey(key)))
        .orElse(ByteString.EMPTY);
  }
}
