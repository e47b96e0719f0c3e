package dev.rallypoint.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.google.protobuf.ByteString;
import java.io.IOException;

/** Writes and reads protobuf's ByteString as binary with Jackson. {@code cluster.conf} names it. */
public final class ByteStringModule extends SimpleModule {

  /** The constructor that Jackson calls. */
  public ByteStringModule() {
    super("rallypoint-byte-string");
    addSerializer(ByteString.class, new Writer());
    addDeserializer(ByteString.class, new Reader());
  }

  private static final class Writer extends StdSerializer<ByteString> {
    Writer() {
      super(ByteString.class);
    }

    @Override
    public void serialize(ByteString value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeBinary(value.toByteArray());
    }
  }

  private static final class Reader extends StdDeserializer<ByteString> {
    Reader() {
      super(ByteString.class);
    }

    @Override
    public ByteString deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return ByteString.copyFrom(in.getBinaryValue());
    }
  }
}
