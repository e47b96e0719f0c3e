package dev.rallypoint.app.doctor;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Whether clients take a certificate chain.
 *
 * @param place where it is shown
 * @param from the latest begin of the chain's certificates
 * @param until the earliest end of the chain's certificates
 * @param isTrusted whether an authority that this machine knows has signed it
 * @param isForName whether it is for the name that was asked for
 * @param issuer who signed the first certificate
 */
public record CertificateVerdicts(
    String place,
    Instant from,
    Instant until,
    boolean isTrusted,
    boolean isForName,
    String issuer) {
  /** From so long before its end on it should have been renewed. */
  private static final Duration SOON = Duration.ofDays(14);

  /** A chain as the verdicts take it. */
  public static CertificateVerdicts of(
      String place, List<X509Certificate> chain, boolean isTrusted, boolean isForName) {
    return new CertificateVerdicts(
        place,
        chain.stream()
            .map(one -> one.getNotBefore().toInstant())
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN),
        chain.stream()
            .map(one -> one.getNotAfter().toInstant())
            .min(Comparator.naturalOrder())
            .orElse(Instant.MAX),
        isTrusted,
        isForName,
        chain.isEmpty() ? "nobody" : chain.getFirst().getIssuerX500Principal().getName());
  }

  /** The row for a client. */
  public Finding finding(Instant now) {
    return new Finding(Check.CERTIFICATE, verdict(now), place + ": " + seen(now));
  }

  /** The row for the node's own files: who signed them does not matter there. */
  public Finding ownFinding(Instant now) {
    ServerVerdict verdict =
        switch (verdict(now)) {
          case CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_GOOD -> ServerVerdict.NODE_CERTIFICATE_BAD;
          default ->
              until.isBefore(now.plus(SOON))
                  ? ServerVerdict.NODE_CERTIFICATE_ENDS_SOON
                  : ServerVerdict.NODE_CERTIFICATE_GOOD;
        };
    return new Finding(Check.NODE_CERTIFICATE, verdict, place + ": " + seen(now));
  }

  private ClientVerdict verdict(Instant now) {
    if (until.isBefore(now)) {
      return ClientVerdict.CERTIFICATE_EXPIRED;
    }
    if (from.isAfter(now)) {
      return ClientVerdict.CERTIFICATE_NOT_YET_GOOD;
    }
    if (!isTrusted) {
      return ClientVerdict.CERTIFICATE_UNTRUSTED;
    }
    if (!isForName) {
      return ClientVerdict.CERTIFICATE_OTHER_NAME;
    }
    return until.isBefore(now.plus(SOON))
        ? ClientVerdict.CERTIFICATE_ENDS_SOON
        : ClientVerdict.CERTIFICATE_GOOD;
  }

  private String seen(Instant now) {
    long days = Duration.between(now, until).toDays();
    String end =
        until.isBefore(now)
            ? "expired " + Duration.between(until, now).toDays() + " days ago"
            : days + " days left";
    return end
        + ", signed by "
        + issuer
        + (isTrusted ? "" : ", whom this machine does not know")
        + (isForName ? "" : ", for another name");
  }
}
