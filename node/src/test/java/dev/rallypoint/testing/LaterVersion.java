package dev.rallypoint.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.rallypoint.cluster.ClusterMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** A node of a later version, whose messages have fields that this version does not know. */
public final class LaterVersion {
  private static final CBORMapper CBOR = new CBORMapper();

  private LaterVersion() {}

  /** What a node of this version reads when one of a later version sends this message. */
  public static Object sends(ActorSystem<?> system, ClusterMessage message) {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(system));
    SerializerWithStringManifest serializer =
        (SerializerWithStringManifest) serialization.findSerializerFor(message);
    try {
      JsonNode tree = CBOR.readTree(serialization.serialize(message).get());
      extend(tree);
      return serialization
          .deserialize(
              CBOR.writeValueAsBytes(tree), serializer.identifier(), serializer.manifest(message))
          .get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each record in the message has one field more. */
  private static void extend(JsonNode tree) {
    tree.forEach(LaterVersion::extend);
    if (tree instanceof ObjectNode object) {
      object.putObject("sinceALaterVersion").put("number", 7);
    }
  }
}
