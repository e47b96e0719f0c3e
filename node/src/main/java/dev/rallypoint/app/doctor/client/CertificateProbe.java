package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.CertificateVerdicts;
import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClientVerdict;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificate that a TLS port shows.
 *
 * @param host the name that clients have
 */
record CertificateProbe(String host, InetSocketAddress address) {
  /** A key exchange of any kind, as TLS 1.3 has it. */
  private static final String ANY_KEY = "UNKNOWN";

  /** The row. */
  Finding finding(Instant now) {
    String place = host + ":" + address.getPort();
    AnyCertificate taken = new AnyCertificate();
    try (Socket plain = new Socket()) {
      plain.connect(address, FrameLink.PATIENCE_MILLIS);
      plain.setSoTimeout(FrameLink.PATIENCE_MILLIS);
      try (SSLSocket secure =
          (SSLSocket)
              taken
                  .context()
                  .getSocketFactory()
                  .createSocket(plain, host, address.getPort(), true)) {
        secure.startHandshake();
        return seen(taken.chain(), secure).finding(now);
      }
    } catch (IOException e) {
      Contact contact = NoAnswerException.ofConnecting(e).contact();
      return contact == Contact.REFUSED || taken.chain().isEmpty() && isUnreached(e)
          ? row(ClientVerdict.PORT_NOT_OPEN, place + ": " + contact.words())
          : row(ClientVerdict.TLS_FAILED, place + ": " + e.getMessage());
    }
  }

  private static boolean isUnreached(IOException failure) {
    return String.valueOf(failure.getMessage()).startsWith("Connect timed out");
  }

  private static Finding row(ClientVerdict verdict, String seen) {
    return new Finding(Check.CERTIFICATE, verdict, seen);
  }

  private CertificateVerdicts seen(List<X509Certificate> chain, SSLSocket shown) {
    boolean isTrusted = isTaken(chain, null);
    SSLParameters parameters = shown.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    shown.setSSLParameters(parameters);
    return CertificateVerdicts.of(
        host + ":" + address.getPort(), chain, isTrusted, !isTrusted || isTaken(chain, shown));
  }

  /**
   * Whether this machine's authorities have signed it.
   *
   * @param forName the connection whose name it has to be for, or null for any name
   */
  private static boolean isTaken(List<X509Certificate> chain, @Nullable SSLSocket forName) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      X509ExtendedTrustManager authorities =
          Arrays.stream(factory.getTrustManagers())
              .filter(X509ExtendedTrustManager.class::isInstance)
              .map(X509ExtendedTrustManager.class::cast)
              .findFirst()
              .orElseThrow();
      X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
      if (forName == null) {
        authorities.checkServerTrusted(shown, ANY_KEY);
      } else {
        authorities.checkServerTrusted(shown, ANY_KEY, forName);
      }
      return true;
    } catch (CertificateException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has authorities", e);
    }
  }
}
