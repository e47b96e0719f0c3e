package dev.rallypoint.loadtest.peer.settings;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The identity of one installed client: the UUID of its machine and its key pair.
 *
 * @param uuid the text of the machine UUID as bytes
 * @param key signs in the peer handshake; its public half is registered
 */
public record Device(ByteString uuid, SigningKey key) {
  /** A new device; a random source with the same seed gives the same device. */
  public static Device create(RandomGenerator random) {
    UUID machine = new UUID(random.nextLong(), random.nextLong());
    return new Device(ByteString.copyFromUtf8(machine.toString()), SigningKey.generate(random));
  }
}
