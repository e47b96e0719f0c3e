package dev.rallypoint.transport.tls;

import dev.rallypoint.config.ClusterTls;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.config.text.TextFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads a certificate chain and its private key from PEM. A key may be in PKCS#8, or in the older
 * forms of RSA and EC keys; each file may hold the other's part too.
 *
 * @param chainSetting the setting that names the chain's file
 * @param certificate where the chain is
 * @param keySetting the setting that names the key's file
 * @param keyFile where the key is
 */
record PemFiles(String chainSetting, Path certificate, String keySetting, Path keyFile) {
  /** Far above any chain; a file that is longer is the wrong one. */
  private static final int LONGEST = 1 << 20;

  static PemFiles of(TlsSettings files) {
    return new PemFiles(TlsSettings.CERTIFICATE, files.certificate(), TlsSettings.KEY, files.key());
  }

  static PemFiles of(ClusterTls files) {
    return new PemFiles(ClusterTls.CERTIFICATE, files.certificate(), ClusterTls.KEY, files.key());
  }

  /** The chain, the node's own certificate first. */
  List<X509Certificate> chain() {
    return certificates(chainSetting, certificate);
  }

  /** All certificates of a file. */
  static List<X509Certificate> certificates(String setting, Path file) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
      for (Object part : parts(setting, file)) {
        if (part instanceof X509CertificateHolder holder) {
          chain.add(converter.getCertificate(holder));
        }
      }
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (IOException | GeneralSecurityException notACertificate) {
      // Thrown below, for all ways to miss.
    }
    throw new SettingException(setting, file, "write a file with a certificate chain in PEM");
  }

  /** The private key. */
  PrivateKey key() {
    try {
      for (Object part : parts(keySetting, keyFile)) {
        switch (part) {
          case PrivateKeyInfo key -> {
            return of(key);
          }
          case PEMKeyPair pair -> {
            return of(pair.getPrivateKeyInfo());
          }
          case PKCS8EncryptedPrivateKeyInfo encrypted -> throw isEncrypted();
          case PEMEncryptedKeyPair encrypted -> throw isEncrypted();
          default -> {} // a certificate, or the parameters of a curve
        }
      }
    } catch (IOException | GeneralSecurityException notAKey) {
      // Thrown below, for all ways to miss.
    }
    throw new SettingException(
        keySetting, keyFile, "write a file with an RSA, EC or Ed25519 key in PEM");
  }

  private static List<Object> parts(String setting, Path file) throws IOException {
    readable(setting, file);
    // PEM is ASCII; what stands between its parts may be in any encoding.
    try (PEMParser parser = new PEMParser(new StringReader(TextFile.readAscii(file, LONGEST)))) {
      List<Object> parts = new ArrayList<>();
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        parts.add(part);
      }
      return parts;
    } catch (RuntimeException e) {
      throw new IOException(e); // the parser's answer to some broken input
    }
  }

  private static void readable(String setting, Path file) {
    if (Files.isDirectory(file)) { // Docker makes one of a file that was not there
      throw new SettingException(setting, file, "this is a folder; name the file");
    }
    if (!Files.isRegularFile(file)) {
      throw new SettingException(setting, file, "there is no such file");
    }
    if (!Files.isReadable(file)) {
      throw new SettingException(setting, file, "let this user read it");
    }
  }

  private static PrivateKey of(PrivateKeyInfo key) throws GeneralSecurityException, IOException {
    String algorithm = key.getPrivateKeyAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
  }

  private SettingException isEncrypted() {
    return new SettingException(
        keySetting, keyFile, "it is encrypted; 'openssl pkey -in FILE -out NEW' takes that off");
  }
}
