package dev.rallypoint.bootstrap;

import dev.rallypoint.transport.tls.ClusterCertificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * TLS for Pekko's messages between nodes. A peer with a certificate of the cluster's authority is a
 * node of the cluster; host names are not checked.
 */
record ClusterTlsEngines(ClusterCertificate certificate) implements SSLEngineProvider {

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    return certificate.engine(false);
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    return certificate.engine(true);
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
