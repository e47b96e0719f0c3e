package dev.rallypoint.transport;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.TlsSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The node's certificate, ready for connections.
 *
 * @param context makes the server's side of connections
 * @param complaint why clients will not take it now: it has expired or is not yet good
 */
public record Certificate(SSLContext context, Optional<String> complaint) {
  private static final char[] NO_PASSWORD = new char[0];

  /**
   * Reads it from its files.
   *
   * @throws SettingException when a file cannot be read or used, or the two do not belong together
   */
  public static Certificate load(TlsSettings files) {
    PemFiles pem = new PemFiles(files);
    List<X509Certificate> chain = pem.chain();
    PrivateKey key = pem.key();
    X509Certificate own = chain.getFirst();
    try {
      if (!belongTogether(own.getPublicKey(), key)) {
        throw new SettingException(
            TlsSettings.KEY,
            files.key(),
            "it is not the key of the first certificate in " + files.certificate());
      }
      return new Certificate(context(chain, key), complaint(own));
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingException(
          TlsSettings.CERTIFICATE,
          files.certificate(),
          "it cannot be used ("
              + e.getMessage()
              + "): write the node's own certificate first, then each one's issuer");
    }
  }

  private static Optional<String> complaint(X509Certificate own) {
    try {
      own.checkValidity();
      return Optional.empty();
    } catch (CertificateExpiredException e) {
      return Optional.of("it has expired (" + e.getMessage() + ")");
    } catch (CertificateNotYetValidException e) {
      return Optional.of("it is not good yet (" + e.getMessage() + ")");
    }
  }

  private static SSLContext context(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
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
}
