package dev.rallypoint.protocol.message;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;

/**
 * The NAT test that a node's health check sends to its own listeners. It is answered as that of a
 * client, and told from it by a serial that no client sends, so that it is not counted.
 */
public final class HealthProbe {
  private static final int SERIAL = Integer.MIN_VALUE;

  private HealthProbe() {}

  /** The request. */
  public static RendezvousMessage natTest() {
    return RendezvousMessage.newBuilder()
        .setTestNatRequest(TestNatRequest.newBuilder().setSerial(SERIAL))
        .build();
  }

  /** Whether a request is that of a health check. */
  public static boolean is(TestNatRequest request) {
    return request.getSerial() == SERIAL;
  }
}
