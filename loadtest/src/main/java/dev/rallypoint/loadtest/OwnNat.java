package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.NatType;

/**
 * What the NAT test found.
 *
 * @param type equal ports are ASYMMETRIC, different ones SYMMETRIC
 * @param firstPort the source port the main port saw
 * @param secondPort the source port the NAT test port saw
 */
public record OwnNat(NatType type, int firstPort, int secondPort) {
  static final OwnNat UNKNOWN = new OwnNat(NatType.UNKNOWN_NAT, 0, 0);

  /** Judges by the two ports; one that is not positive says nothing. */
  static OwnNat of(int firstPort, int secondPort) {
    if (firstPort <= 0 || secondPort <= 0) {
      return new OwnNat(NatType.UNKNOWN_NAT, firstPort, secondPort);
    }
    NatType type = firstPort == secondPort ? NatType.ASYMMETRIC : NatType.SYMMETRIC;
    return new OwnNat(type, firstPort, secondPort);
  }
}
