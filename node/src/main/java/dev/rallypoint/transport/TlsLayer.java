package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.InitialTimeoutException;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;

/** TLS between a connection's bytes and what serves it. */
final class TlsLayer {
  private TlsLayer() {}

  /**
   * A flow of encrypted bytes around one of plain bytes.
   *
   * @param engine makes the server's side of the connection
   * @param within how long the handshake and the first plain bytes may take together; later bytes
   *     are the plain flow's concern
   */
  static Flow<ByteString, ByteString, NotUsed> over(
      Flow<ByteString, ByteString, ?> plain,
      Supplier<SSLEngine> engine,
      Duration within,
      Counters counters) {
    return Flow.of(TLSProtocol.SslTlsInbound.class)
        .collectType(TLSProtocol.SessionBytes.class)
        .map(TLSProtocol.SessionBytes::bytes)
        .initialTimeout(within)
        .mapError(
            new PFBuilder<Throwable, Throwable>()
                .match(SSLException.class, fault -> counted(fault, DropReason.TLS_BROKEN, counters))
                .match(
                    InitialTimeoutException.class,
                    fault -> counted(fault, DropReason.CONNECTION_SILENT, counters))
                .build())
        .via(plain)
        .<TLSProtocol.SslTlsOutbound>map(TLSProtocol.SendBytes::new)
        .join(TLS.create(engine, TLSClosing.eagerClose()));
  }

  private static Throwable counted(Throwable fault, DropReason reason, Counters counters) {
    counters.dropped(reason);
    return fault;
  }
}
