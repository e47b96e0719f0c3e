package dev.rallypoint.app.doctor;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * Whether the key that a client has is the server's. A signature does not tell by which key it was
 * made: without the key nothing can be said of it.
 *
 * @param text what the client has as its key, or empty
 * @param signed what the server signed on its connections, in combined mode
 * @param isAccessRefused whether the server said that the key mismatches
 */
public record KeyVerdicts(String text, List<ByteString> signed, boolean isAccessRefused) {

  public KeyVerdicts {
    signed = List.copyOf(signed);
  }

  /** The row. */
  public Finding finding() {
    return new Finding(Check.KEY, verdict(), seen());
  }

  /** The same rows, where a fault of the key has its mend in the row of the key only. */
  public static List<Finding> toldOnce(List<Finding> rows) {
    boolean isFaulty =
        rows.stream().anyMatch(row -> row.check() == Check.KEY && row.outcome() == Outcome.FAULT);
    return isFaulty ? rows.stream().map(KeyVerdicts::withoutMend).toList() : rows;
  }

  private static Finding withoutMend(Finding row) {
    boolean isOfKey =
        row.verdict() == ClientVerdict.PUNCH_KEY_REFUSED
            || row.verdict() == ClientVerdict.RELAY_KEY_REFUSED;
    return isOfKey ? new Finding(row.check(), ClientVerdict.KEY_REFUSED_TOO, row.seen()) : row;
  }

  /** How many of the signatures are of the given key. */
  private long own() {
    Optional<PublicKey> key = PublicKey.parse(text);
    return signed.stream()
        .filter(one -> key.flatMap(given -> given.openSigned(one)).isPresent())
        .count();
  }

  private ClientVerdict verdict() {
    if (text.isEmpty()) {
      return ClientVerdict.KEY_NOT_GIVEN;
    }
    long own = own();
    if (PublicKey.parse(text).isEmpty()) {
      return isAccessRefused ? ClientVerdict.KEY_WRONG : ClientVerdict.KEY_NOT_BASE64;
    }
    if (own > 0 && own < signed.size()) {
      return ClientVerdict.TWO_KEYS;
    }
    if (!signed.isEmpty() && own == 0) {
      return ClientVerdict.KEY_WRONG;
    }
    if (isAccessRefused) {
      return signed.isEmpty() ? ClientVerdict.KEY_WRONG : ClientVerdict.ACCESS_REFUSED;
    }
    return signed.isEmpty() ? ClientVerdict.KEY_UNPROVEN : ClientVerdict.KEY_RIGHT;
  }

  private String seen() {
    String print = text.isEmpty() ? "no key given" : "fingerprint " + AccessKey.fingerprint(text);
    String signatures =
        signed.isEmpty()
            ? "the server signed nothing"
            : text.isEmpty()
                ? "the server signs, by which key cannot be seen"
                : "%d of %d signatures are of it".formatted(own(), signed.size());
    return print + ", " + signatures + (isAccessRefused ? ", the server says: key mismatch" : "");
  }
}
