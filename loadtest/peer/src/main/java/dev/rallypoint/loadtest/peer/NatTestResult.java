package dev.rallypoint.loadtest.peer;

import dev.rallypoint.protocol.proto.NatType;

/**
 * The result of the NAT test over TCP.
 *
 * @param type ASYMMETRIC for equal ports, SYMMETRIC for different ones
 * @param firstPort the source port as seen by the main port of the server
 * @param secondPort the source port as seen by the NAT test port
 */
public record NatTestResult(NatType type, int firstPort, int secondPort) {
  /** The result for two ports; the type is UNKNOWN_NAT when one of them is not positive. */
  static NatTestResult of(int firstPort, int secondPort) {
    if (firstPort <= 0 || secondPort <= 0) {
      return new NatTestResult(NatType.UNKNOWN_NAT, firstPort, secondPort);
    }
    NatType type = firstPort == secondPort ? NatType.ASYMMETRIC : NatType.SYMMETRIC;
    return new NatTestResult(type, firstPort, secondPort);
  }
}
