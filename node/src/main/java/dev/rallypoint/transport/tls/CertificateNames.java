package dev.rallypoint.transport.tls;

import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Names in certificates. */
final class CertificateNames {
  private CertificateNames() {}

  /** The common name, or the whole name where there is none. */
  static String common(X500Principal name) {
    RDN[] parts = X500Name.getInstance(name.getEncoded()).getRDNs(BCStyle.CN);
    return parts.length == 0
        ? name.getName()
        : IETFUtils.valueToString(parts[0].getFirst().getValue()).replace("\\", "");
  }
}
