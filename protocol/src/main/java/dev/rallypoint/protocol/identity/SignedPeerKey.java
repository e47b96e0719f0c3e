package dev.rallypoint.protocol.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.IdPk;
import java.util.Optional;

/**
 * The server's signed statement that an id has a key: the {@code pk} field of PunchHoleResponse and
 * RelayResponse, a combined signature over a serialized IdPk. The requester checks that the id
 * inside is exactly the one it dialled.
 */
public final class SignedPeerKey {
  private SignedPeerKey() {}

  /** Signs that a peer has a key. */
  public static ByteString sign(SigningKey server, PeerId id, PublicKey key) {
    IdPk statement = IdPk.newBuilder().setId(id.value()).setPk(key.bytes()).build();
    return server.sign(statement.toByteArray());
  }

  /** The key signed for an id, or empty when the signature, the id or the key is not right. */
  public static Optional<PublicKey> open(PublicKey server, PeerId id, ByteString signed) {
    return server
        .openSigned(signed)
        .flatMap(SignedPeerKey::parse)
        .filter(s -> s.getId().equals(id.value()) && s.getPk().size() == PublicKey.LENGTH)
        .map(statement -> new PublicKey(statement.getPk()));
  }

  private static Optional<IdPk> parse(byte[] bytes) {
    try {
      return Optional.of(IdPk.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
