package dev.rallypoint.bootstrap;

import dev.rallypoint.transport.tls.ClusterCertificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * TLS for the connections that Artery opens to other nodes. A peer with a certificate of the
 * cluster's authority is a node of the cluster; host names are not checked.
 *
 * @param certificate empty for a node that is alone, which opens none
 */
record ClusterTlsEngines(Optional<ClusterCertificate> certificate) implements SSLEngineProvider {

  /** Artery's own listener takes nobody: it is closed as soon as the actor system is made. */
  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    throw new IllegalStateException("connections are taken at cluster-port only");
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    return certificate
        .orElseThrow(() -> new IllegalStateException("a node that is alone connects to nobody"))
        .engine(true);
  }

  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return Option.empty();
  }
}
