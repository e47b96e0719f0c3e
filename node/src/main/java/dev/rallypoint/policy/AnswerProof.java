package dev.rallypoint.policy;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.security.MessageDigest;

/**
 * How far a target's answer proves that the target sent it. Clients echo {@code socket_addr} of a
 * push byte for byte in PunchHoleSent and RelayResponse, and its IPv4 form has 32 bits that no
 * client looks at: a push carries random ones. The IPv6 form has no such bits, and in LocalAddr
 * clients encode the address anew; there only the answer's source can be compared.
 */
public enum AnswerProof {
  /** It holds the secret of the attempt. */
  SECRET,
  /** It can hold no secret, and came over a connection from a host of the target. */
  HOST,
  /** It can hold no secret, and came as a datagram that names a host of the target as source. */
  DATAGRAM,
  /** It can hold no secret, and came from somewhere else. The target may have a second line. */
  ELSEWHERE,
  /** It had to hold the secret and does not: somebody else sent it. */
  FALSE;

  /**
   * Judges an answer.
   *
   * @param pushed {@code socket_addr} as the target was told it
   * @param hasSecret whether it is the IPv4 form, with a secret
   * @param isFromTarget whether the source is a host that the target is known to use
   * @param byUdp whether the answer is a datagram, whose source is not verified
   */
  public static AnswerProof of(
      RendezvousMessage answer,
      ByteString pushed,
      boolean hasSecret,
      boolean isFromTarget,
      boolean byUdp) {
    if (hasSecret && !answer.hasLocalAddr()) {
      return echoes(answer, pushed) ? SECRET : FALSE;
    }
    if (!isFromTarget) {
      return ELSEWHERE;
    }
    return byUdp ? DATAGRAM : HOST;
  }

  /** Whether an answer's {@code socket_addr} is this one, byte for byte; in constant time. */
  public static boolean echoes(RendezvousMessage answer, ByteString pushed) {
    return MessageDigest.isEqual(
        TargetAnswer.socketAddr(answer).toByteArray(), pushed.toByteArray());
  }

  /** Whether the answer waits a moment for a better one. */
  public boolean isHeld() {
    return this == ELSEWHERE;
  }

  /** Whether only the target, or a process on its host, can have sent it: its relay is believed. */
  public boolean isTrusted() {
    return this == SECRET || this == HOST;
  }
}
