package dev.rallypoint.transport.tls;

import dev.rallypoint.protocol.identity.SigningKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of a cluster whose nodes share a key pair: an Ed25519 key that is derived from the
 * secret of that pair. Each node signs its own certificate with it, at its start and in memory. The
 * certificates have no end, because they live no longer than their process.
 *
 * @param name names the public key of the pair, so that a node can tell another cluster
 */
record DerivedAuthority(X500Name name, PrivateKey key, X509Certificate certificate) {
  /** Another purpose would be another authority: nodes would not reach those of other versions. */
  private static final String PURPOSE = "cluster tls authority 1";

  private static final Time BEGIN = new Time(new DERUTCTime("000101000000Z"));

  /** RFC 5280, 4.1.2.5: no well-defined end. */
  private static final Time END = new Time(new DERGeneralizedTime("99991231235959Z"));

  private static final String SIGNATURE = "Ed25519";
  private static final int SERIAL_BITS = 120;
  private static final SecureRandom RANDOM = new SecureRandom();

  static DerivedAuthority of(SigningKey pair) throws GeneralSecurityException, IOException {
    X500Name name =
        new X500NameBuilder().addRDN(BCStyle.CN, "rallypoint " + pair.publicKey().text()).build();
    byte[] seed = pair.derive(PURPOSE);
    PrivateKey key =
        KeyFactory.getInstance(SIGNATURE)
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    X509v3CertificateBuilder builder = builder(name, name, publicHalf(seed));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    return new DerivedAuthority(name, key, signed(builder, key));
  }

  /** A certificate with a new key, for both sides of connections. */
  OwnCertificate issue() throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair own = generator.generateKeyPair();
    X509v3CertificateBuilder builder = builder(name, new X500Name("CN=node"), own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    return new OwnCertificate(List.of(signed(builder, key)), own.getPrivate());
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey subjectKey) {
    BigInteger serial = new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
    return new X509v3CertificateBuilder(
        issuer,
        serial,
        BEGIN,
        END,
        subject,
        SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
  }

  private static PublicKey publicHalf(byte[] seed) throws GeneralSecurityException, IOException {
    byte[] half = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, half, 0);
    SubjectPublicKeyInfo info =
        new SubjectPublicKeyInfo(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), half);
    return KeyFactory.getInstance(SIGNATURE)
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "DerivedAuthority[" + name + "]";
  }
}
