package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What an installed client keeps for life: its machine's uuid and its key pair.
 *
 * @param uuid the text of the machine id as bytes
 * @param key signs the peer handshake; its public half is registered
 */
public record Device(ByteString uuid, SigningKey key) {

  /** A new device, or the same one again from a source that repeats itself. */
  public static Device create(RandomGenerator random) {
    UUID machine = new UUID(random.nextLong(), random.nextLong());
    return new Device(ByteString.copyFromUtf8(machine.toString()), SigningKey.generate(random));
  }
}
