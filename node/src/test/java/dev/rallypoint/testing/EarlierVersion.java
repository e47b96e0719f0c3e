package dev.rallypoint.testing;

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

/** A node of an earlier version, whose messages lack a field that this version has. */
public final class EarlierVersion {
  private static final CBORMapper CBOR = new CBORMapper();

  private EarlierVersion() {}

  /** What a node of this version reads when one that knows no such field sends this message. */
  public static Object sends(ActorSystem<?> system, ClusterMessage message, String unknown) {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(system));
    SerializerWithStringManifest serializer =
        (SerializerWithStringManifest) serialization.findSerializerFor(message);
    try {
      ObjectNode tree = (ObjectNode) CBOR.readTree(serialization.serialize(message).get());
      tree.remove(unknown);
      return serialization
          .deserialize(
              CBOR.writeValueAsBytes(tree), serializer.identifier(), serializer.manifest(message))
          .get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
