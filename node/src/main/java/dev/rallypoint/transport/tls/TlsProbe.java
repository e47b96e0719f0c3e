package dev.rallypoint.transport.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Looks at the certificate that another node shows, for a line about why it cannot be joined. */
public final class TlsProbe {
  private TlsProbe() {}

  /**
   * The name of the authority that signed the certificate of a TLS server; empty when nothing
   * speaks TLS there. Nothing is trusted and nothing but the handshake is sent. Blocks.
   *
   * @param timeout of connecting, and of each answer
   */
  public static Optional<String> authorityAt(String host, int port, Duration timeout) {
    Recorder recorder = new Recorder();
    int millis = (int) timeout.toMillis();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), millis);
      plain.setSoTimeout(millis);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {recorder}, null);
      try (SSLSocket secure =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
        secure.startHandshake();
      }
    } catch (IOException | GeneralSecurityException refused) {
      // The recorder refuses, after it has seen the certificate.
    }
    return Optional.ofNullable(recorder.issuer.get());
  }

  /** Trusts nobody. */
  private static final class Recorder extends X509ExtendedTrustManager {
    private final AtomicReference<@Nullable String> issuer = new AtomicReference<>();

    private void record(X509Certificate[] chain) throws CertificateException {
      issuer.set(CertificateNames.common(chain[0].getIssuerX500Principal()));
      throw new CertificateException("only looked at");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      record(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      record(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      record(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      record(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      record(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      record(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
