package dev.rallypoint.transport.tls;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate that the node shows, with its key.
 *
 * @param chain the node's own first, then each one's issuer
 * @param key the key of the first
 */
record OwnCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final char[] NO_PASSWORD = new char[0];

  /**
   * Reads it from its files.
   *
   * @throws SettingException when one cannot be read or used, or they do not belong together
   */
  static OwnCertificate of(PemFiles pem) {
    List<X509Certificate> chain = pem.chain();
    PrivateKey key = pem.key();
    try {
      if (belongTogether(chain.getFirst().getPublicKey(), key)) {
        return new OwnCertificate(chain, key);
      }
    } catch (GeneralSecurityException notOfOneKind) {
      // Thrown below.
    }
    throw new SettingException(
        pem.keySetting(),
        pem.keyFile(),
        "it is not the key of the first certificate in " + pem.certificate());
  }

  /** Why others will not take it now, when they will not. */
  Optional<String> problem() {
    try {
      chain.getFirst().checkValidity();
      return Optional.empty();
    } catch (CertificateExpiredException e) {
      return Optional.of("it has expired (" + e.getMessage() + ")");
    } catch (CertificateNotYetValidException e) {
      return Optional.of("it is not good yet (" + e.getMessage() + ")");
    }
  }

  /** When the first certificate of the chain runs out. */
  Instant end() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** The name of who signed it. */
  String issuer() {
    return CertificateNames.common(chain.getFirst().getIssuerX500Principal());
  }

  /** It as Java's TLS takes it. */
  KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret)
      throws GeneralSecurityException {
    String family = secret.getAlgorithm();
    if (!family.equals(open.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            switch (family) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> family; // EdDSA is its own
            });
    byte[] text = {1, 2, 3};
    signature.initSign(secret);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update(text);
    return signature.verify(signed);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "OwnCertificate[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
