package dev.rallypoint.protocol.message;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HttpProxyResponse;
import dev.rallypoint.protocol.proto.OnlineResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RegisterPeerResponse;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatResponse;
import java.nio.charset.StandardCharsets;

/** The answers a server makes by itself, one method for each envelope. */
public final class Replies {
  private Replies() {}

  /** Answer to a heartbeat; with {@code keyRequired} the client sends RegisterPk at once. */
  public static RendezvousMessage registerPeer(boolean keyRequired) {
    return RendezvousMessage.newBuilder()
        .setRegisterPeerResponse(RegisterPeerResponse.newBuilder().setRequestPk(keyRequired))
        .build();
  }

  /** Verdict on a RegisterPk. UUID_MISMATCH makes the client throw its id away for good. */
  public static RendezvousMessage registerPk(RegisterPkResponse.Result result) {
    return RendezvousMessage.newBuilder()
        .setRegisterPkResponse(RegisterPkResponse.newBuilder().setResult(result))
        .build();
  }

  /**
   * The same on a link that is kept alive.
   *
   * @param keepAlive seconds; the client gives the link up after 1.5 times as long without a frame
   */
  public static RendezvousMessage registerPk(RegisterPkResponse.Result result, int keepAlive) {
    return RendezvousMessage.newBuilder()
        .setRegisterPkResponse(
            RegisterPkResponse.newBuilder().setResult(result).setKeepAlive(keepAlive))
        .build();
  }

  /** The source port the server saw, 1 to 65535. */
  public static RendezvousMessage testNat(int port) {
    return RendezvousMessage.newBuilder()
        .setTestNatResponse(TestNatResponse.newBuilder().setPort(port))
        .build();
  }

  /** The bitmap of {@link OnlineStates}. */
  public static RendezvousMessage online(ByteString states) {
    return RendezvousMessage.newBuilder()
        .setOnlineResponse(OnlineResponse.newBuilder().setStates(states))
        .build();
  }

  /**
   * Answer to an HTTP API call: a body of JSON. The client takes any {@code error} text of the
   * message for a failure of the way, so there is none.
   *
   * @param status as in HTTP
   */
  public static RendezvousMessage apiCall(int status, String json) {
    return apiCall(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with a body of another media type. */
  public static RendezvousMessage apiCall(int status, String type, byte[] body) {
    return RendezvousMessage.newBuilder()
        .setHttpProxyResponse(
            HttpProxyResponse.newBuilder()
                .setStatus(status)
                .addHeaders(HeaderEntry.newBuilder().setName("content-type").setValue(type))
                .setBody(ByteString.copyFrom(body)))
        .build();
  }

  /** A punch refused with a reason the client has a text for. */
  public static RendezvousMessage punchFailed(PunchHoleResponse.Failure failure) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleResponse(PunchHoleResponse.newBuilder().setFailure(failure))
        .build();
  }

  /** A punch refused with a text of ours, which the client shows as it is. */
  public static RendezvousMessage punchRefused(String otherFailure) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleResponse(PunchHoleResponse.newBuilder().setOtherFailure(otherFailure))
        .build();
  }

  /**
   * A relay request refused: never silence, because the client would wait 54 s. A reason that holds
   * "offline", "not exist", "mismatch" or "not allowed" keeps the client from retrying.
   */
  public static RendezvousMessage relayRefused(String reason) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(RelayResponse.newBuilder().setRefuseReason(reason))
        .build();
  }
}
