package dev.rallypoint.app.doctor;

/**
 * The NAT test of clients: two connections from one local port to two ports of the server.
 *
 * @param local the local port
 * @param first the port that the server saw on the first connection, 0 without an answer
 * @param second the same on the second one
 */
public record NatVerdicts(int local, int first, int second) {
  /** The row. */
  public Finding finding() {
    return new Finding(Check.NAT, verdict(), seen());
  }

  private ClientVerdict verdict() {
    if (first == 0 || second == 0) {
      return ClientVerdict.NAT_UNKNOWN;
    }
    if (first != second) {
      return ClientVerdict.NAT_SYMMETRIC;
    }
    return first == local ? ClientVerdict.NO_NAT : ClientVerdict.NAT_ASYMMETRIC;
  }

  private String seen() {
    return switch (verdict()) {
      case NAT_UNKNOWN -> "no two answers";
      case NAT_SYMMETRIC ->
          "symmetric: local port %d is seen as %d and %d".formatted(local, first, second);
      case NO_NAT -> "local port %d is seen as it is".formatted(local);
      default -> "asymmetric: local port %d is seen as %d, twice".formatted(local, first);
    };
  }
}
