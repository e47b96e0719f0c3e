package dev.rallypoint.testing;

import dev.rallypoint.config.ClusterTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs the certificates of a cluster's nodes. */
public final class TestAuthority {
  private static final Duration GOOD_FOR = Duration.ofDays(30);

  private final X500Name name = new X500Name("CN=authority-" + System.nanoTime());
  private final KeyPair keys = pair("EC");
  private final String certificate = signed(name, keys, true, GOOD_FOR);

  /** Writes the files of a node with a key of a family, RSA, EC or Ed25519. */
  public ClusterTls writeTo(Path folder, String family) {
    return writeTo(folder, family, GOOD_FOR);
  }

  /** The same, good until so long from now, which may be past. */
  public ClusterTls writeTo(Path folder, String family, Duration goodFor) {
    KeyPair own = pair(family);
    ClusterTls files =
        new ClusterTls(
            folder.resolve("node.pem"), folder.resolve("node.key"), folder.resolve("ca.pem"));
    try {
      Files.createDirectories(folder);
      Files.writeString(files.certificate(), signed(new X500Name("CN=node"), own, false, goodFor));
      Files.writeString(files.key(), new TestCertificate(own, "").key());
      Files.writeString(files.authority(), certificate);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String signed(X500Name subject, KeyPair own, boolean isAuthority, Duration goodFor) {
    try {
      Instant end = Instant.now().plus(goodFor);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(end.minus(Duration.ofDays(60))),
              Date.from(end),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      PrivateKey signer = keys.getPrivate();
      return TestCertificate.pem(
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    } catch (IOException | OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair pair(String family) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
      if (family.equals("RSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
