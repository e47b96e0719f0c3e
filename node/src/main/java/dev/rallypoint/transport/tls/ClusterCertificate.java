package dev.rallypoint.transport.tls;

import dev.rallypoint.config.ClusterTls;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificate that a node presents to other nodes, and the authority it trusts: every
 * certificate that authority has signed is accepted, whatever its name. Checked as the other nodes
 * will check it, so that a bad file stops the node instead of leaving it alone.
 *
 * @param context for both sides of connections between nodes
 * @param end when the first certificate of the node's chain runs out
 * @param authority the name of the authority that signed the node's certificate
 */
public record ClusterCertificate(SSLContext context, Instant end, String authority) {
  /** Time enough for an operator to renew it. */
  private static final Duration SOON = Duration.ofDays(30);

  private static final String PROTOCOL = "TLSv1.3";

  /** What TLS 1.3 says of how keys are exchanged, which no longer depends on the certificate. */
  private static final String ANY_KEY = "UNKNOWN";

  /**
   * Reads it from its files.
   *
   * @throws SettingException when one cannot be read or used, they do not belong together, or the
   *     other nodes would not take it now
   */
  public static ClusterCertificate load(ClusterTls files) {
    OwnCertificate own = OwnCertificate.of(PemFiles.of(files));
    if (own.problem().isPresent()) {
      throw new SettingException(
          ClusterTls.CERTIFICATE, files.certificate(), own.problem().get() + "; renew it");
    }
    try {
      TrustManagerFactory trust =
          trust(PemFiles.certificates(ClusterTls.AUTHORITY, files.authority()));
      check(files, own, (X509TrustManager) trust.getTrustManagers()[0]);
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(own.keyManagers(), trust.getTrustManagers(), null);
      return new ClusterCertificate(context, end(own), own.issuer());
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingException(
          ClusterTls.CERTIFICATE, files.certificate(), "it cannot be used: " + e.getMessage());
    }
  }

  /**
   * The certificate of a node that shares a key pair with the others. The node signs it with a key
   * that is derived from that pair, so a node of the cluster is who has the pair.
   */
  public static ClusterCertificate derivedFrom(SigningKey pair) {
    try {
      DerivedAuthority authority = DerivedAuthority.of(pair);
      OwnCertificate own = authority.issue();
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(
          own.keyManagers(), trust(List.of(authority.certificate())).getTrustManagers(), null);
      return new ClusterCertificate(context, end(own), own.issuer());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e); // every Java has what it needs
    }
  }

  /** A side of a connection; each shows its certificate. */
  public SSLEngine engine(boolean isClient) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(isClient);
    engine.setEnabledProtocols(new String[] {PROTOCOL});
    if (!isClient) {
      engine.setNeedClientAuth(true);
    }
    return engine;
  }

  /** What an operator should know of a certificate that runs out soon. */
  public Optional<String> warning(Instant now) {
    return end.isAfter(now.plus(SOON))
        ? Optional.empty()
        : Optional.of(
            "the certificate in cluster-tls-certificate is good until "
                + end
                + ": after that this node and the others do not reach each other; renew it and start"
                + " this node again");
  }

  private static Instant end(OwnCertificate own) {
    return own.chain().stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static TrustManagerFactory trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private static void check(ClusterTls files, OwnCertificate own, X509TrustManager trust) {
    X509Certificate[] chain = own.chain().toArray(X509Certificate[]::new);
    try {
      trust.checkServerTrusted(chain, ANY_KEY);
      trust.checkClientTrusted(chain, ANY_KEY);
    } catch (CertificateException e) {
      throw new SettingException(
          ClusterTls.CERTIFICATE,
          files.certificate(),
          "the other nodes will not take it (%s); it must be signed by an authority in %s and good"
                  .formatted(e.getMessage(), files.authority())
              + " for both sides of a connection");
    }
  }
}
