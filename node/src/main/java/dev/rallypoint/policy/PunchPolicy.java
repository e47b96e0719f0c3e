package dev.rallypoint.policy;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ControlPermissions;
import dev.rallypoint.protocol.proto.ControlledContext;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/**
 * Decides how two peers connect: builds the message to the target when a requester asks for it. The
 * target acts on it and answers; {@link TargetAnswer} builds what the requester then gets.
 */
public final class PunchPolicy {
  private PunchPolicy() {}

  /**
   * The operator's settings.
   *
   * @param alwaysUseRelay never let two peers connect directly
   * @param lan the operator's own LAN
   * @param localIp the relay's name for a target in the LAN when the requester is outside, or empty
   */
  public record Rules(boolean alwaysUseRelay, Networks lan, String localIp) {}

  /**
   * The message for the target: FetchLocalAddr when both peers are behind one address, or both are
   * in the LAN and the requester can be connected to; else PunchHole.
   *
   * <p>A relay is forced by telling the target that the requester's NAT is symmetric, which every
   * client version obeys. {@code force_relay}, known since 1.4.1, also keeps the two from
   * connecting over IPv6.
   *
   * @param requester the requester's address as the server sees it
   * @param target the target's mapped address
   * @param relayServer the relay to use, or empty for the target's own choice
   * @param socketAddr the requester's mangled address, with the secret of the attempt
   */
  public static RendezvousMessage decide(
      Rules rules,
      PunchHoleRequest request,
      PeerAddress requester,
      boolean requesterOnWebSocket,
      PeerAddress target,
      String relayServer,
      ByteString socketAddr) {
    boolean requesterInLan = rules.lan.contains(requester);
    boolean targetInLan = rules.lan.contains(target);
    boolean forceRelay = rules.alwaysUseRelay || request.getForceRelay();
    boolean neighbours = requester.isSameHost(target) || (requesterInLan && targetInLan);
    boolean relayIsLocal = targetInLan && !requesterInLan && !rules.localIp.isEmpty();
    String relay = relayIsLocal ? rules.localIp : relayServer;
    if (neighbours && !requesterOnWebSocket && !forceRelay) {
      return RendezvousMessage.newBuilder()
          .setFetchLocalAddr(
              FetchLocalAddr.newBuilder()
                  .setSocketAddr(socketAddr)
                  .setRelayServer(relay)
                  .setSocketAddrV6(request.getSocketAddrV6()))
          .build();
    }
    PunchHole.Builder punch =
        PunchHole.newBuilder()
            .setSocketAddr(socketAddr)
            .setRelayServer(relay)
            .setNatTypeValue(request.getNatTypeValue())
            .setUdpPort(request.getUdpPort())
            .setForceRelay(forceRelay)
            .setUpnpPort(request.getUpnpPort())
            .setSocketAddrV6(request.getSocketAddrV6());
    if (forceRelay || requesterInLan != targetInLan) {
      punch.setNatType(NatType.SYMMETRIC);
    }
    return RendezvousMessage.newBuilder().setPunchHole(punch).build();
  }

  /**
   * The relay request to the target: the requester's message with the requester's address, unknown
   * fields included. The access key and token are removed, because they are for the server only,
   * and so are the fields that only the server may set (permissions, audit reference).
   *
   * @param envelope a message that holds a RequestRelay
   * @param relayServer the relay that the target is sent to
   * @param socketAddr the requester's mangled address, with the secret of the attempt
   */
  public static RendezvousMessage relayRequest(
      RendezvousMessage envelope, String relayServer, ByteString socketAddr) {
    RendezvousMessage.Builder forwarded = envelope.toBuilder();
    forwarded
        .getRequestRelayBuilder()
        .setSocketAddr(socketAddr)
        .setRelayServer(relayServer)
        .clearLicenceKey()
        .clearToken()
        .clearSwitchCode()
        .clearControlPermissions()
        .clearControlledContext();
    return forwarded.build();
  }

  /**
   * The message for the target with what it is told of the requester. Fields that have nothing to
   * say are left out: clients 1.2.0 to 1.2.6 know other fields by these numbers.
   *
   * @param push PunchHole, FetchLocalAddr or RequestRelay
   * @param permissions 2 bits each, or 0
   * @param auditReference what the target shows again in its report, or empty
   */
  public static RendezvousMessage permitted(
      RendezvousMessage push, long permissions, String auditReference) {
    if (permissions == 0 && auditReference.isEmpty()) {
      return push;
    }
    RendezvousMessage.Builder told = push.toBuilder();
    ControlPermissions bits = ControlPermissions.newBuilder().setPermissions(permissions).build();
    ControlledContext reference =
        ControlledContext.newBuilder().setConnAuditRef(auditReference).build();
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> {
        if (permissions != 0) {
          told.getPunchHoleBuilder().setControlPermissions(bits);
        }
        if (!auditReference.isEmpty()) {
          told.getPunchHoleBuilder().setControlledContext(reference);
        }
      }
      case FETCH_LOCAL_ADDR -> {
        if (permissions != 0) {
          told.getFetchLocalAddrBuilder().setControlPermissions(bits);
        }
        if (!auditReference.isEmpty()) {
          told.getFetchLocalAddrBuilder().setControlledContext(reference);
        }
      }
      default -> {
        if (permissions != 0) {
          told.getRequestRelayBuilder().setControlPermissions(bits);
        }
        if (!auditReference.isEmpty()) {
          told.getRequestRelayBuilder().setControlledContext(reference);
        }
      }
    }
    return told.build();
  }
}
