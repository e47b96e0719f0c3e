package dev.rallypoint.loadtest.attacks.identity;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.HealthCheck;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.proto.SoftwareUpdate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Datagrams of all kinds whose answers go to the source that they name, which may be forged. */
public final class Amplification implements Attack {
  private static final int HEADERS = 28;
  private static final double MOST = 1.2;
  private static final int OF_EACH_KIND = 20;
  private static final int QUIET_MILLIS = 200;

  @Override
  public String name() {
    return "amplification";
  }

  @Override
  public String description() {
    return "datagrams of all kinds; their answers go to the source, which may be forged";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    Map<String, byte[]> kinds = kinds(context.node().key());
    Map<String, Double> ratios = new TreeMap<>();
    while (!context.isOver()) {
      for (Map.Entry<String, byte[]> kind : kinds.entrySet()) {
        ratios.merge(kind.getKey(), ratio(context, kind.getValue()), Math::max);
      }
      context.pause(Duration.ofSeconds(1));
    }
    ratios.values().removeIf(ratio -> ratio == 0);
    context.check(
        "no datagram is answered with over " + MOST + " times its bytes, headers included",
        ratios.values().stream().allMatch(ratio -> ratio <= MOST),
        ratios.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
            .toList());
  }

  /** The bytes that come back for each byte of this datagram. */
  private static double ratio(AttackContext context, byte[] datagram) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[64 << 10], 64 << 10);
    long received = 0;
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(context.nextAddress(), 0))) {
      socket.setSoTimeout(QUIET_MILLIS);
      for (int i = 0; i < OF_EACH_KIND; i++) {
        socket.send(new DatagramPacket(datagram, datagram.length, context.node().idServer()));
        context.onSent(1);
      }
      while (!context.isOver()) {
        packet.setLength(64 << 10);
        socket.receive(packet);
        received += packet.getLength() + HEADERS;
      }
    } catch (SocketTimeoutException e) {
      // Nothing more comes.
    }
    return (double) received / (OF_EACH_KIND * (datagram.length + HEADERS));
  }

  private static Map<String, byte[]> kinds(String key) {
    RendezvousMessage.Builder any = RendezvousMessage.newBuilder();
    String unknown = "399999999";
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    kinds.put("empty", new byte[0]);
    kinds.put("RegisterPeer", Messages.registerPeer(unknown).toByteArray());
    kinds.put(
        "RegisterPk",
        Messages.registerPk("410000009", Device.create(new SplittableRandom(9))).toByteArray());
    kinds.put("TestNatRequest", Messages.testNat().toByteArray());
    kinds.put("PunchHoleRequest", Messages.punchHoleRequest(unknown, key).toByteArray());
    kinds.put(
        "RequestRelay",
        any.setRequestRelay(RequestRelay.newBuilder().setId(unknown)).build().toByteArray());
    kinds.put(
        "OnlineRequest",
        any.setOnlineRequest(OnlineRequest.newBuilder().setId(unknown).addPeers(unknown))
            .build()
            .toByteArray());
    kinds.put(
        "KeyExchange",
        any.setKeyExchange(KeyExchange.newBuilder().addKeys(ByteString.EMPTY))
            .build()
            .toByteArray());
    kinds.put("HealthCheck", any.setHc(HealthCheck.getDefaultInstance()).build().toByteArray());
    kinds.put(
        "HttpProxyRequest",
        any.setHttpProxyRequest(HttpProxyRequest.newBuilder().setPath("/")).build().toByteArray());
    kinds.put(
        "SoftwareUpdate",
        any.setSoftwareUpdate(SoftwareUpdate.newBuilder().setUrl("1.1.9")).build().toByteArray());
    return kinds;
  }
}
