package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Scenario.check;

import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.loadtest.peer.settings.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One scenario for each transport of a target with each transport of a requester. */
final class TransportPairScenarios {
  private static final long BYTES = 1_000_000;

  private final String certificate;

  /**
   * @param certificate the PEM file with the certificate of the nodes
   */
  TransportPairScenarios(String certificate) {
    this.certificate = certificate;
  }

  /** How a requester reaches the ID server. */
  private enum Requester {
    TCP(Transport.UDP, false),
    ENCRYPTED_TCP(Transport.UDP, true),
    WS(Transport.WS, false),
    WSS(Transport.WSS, false);

    private final Transport transport;
    private final boolean loggedIn;

    Requester(Transport transport, boolean loggedIn) {
      this.transport = transport;
      this.loggedIn = loggedIn;
    }
  }

  List<Scenario> all() {
    List<Scenario> scenarios = new ArrayList<>();
    for (Transport target : Transport.values()) {
      for (Requester from : Requester.values()) {
        String name = String.format(Locale.ROOT, "target over %s, requester over %s", target, from);
        scenarios.add(new Scenario(name, testbed -> connect(testbed, target, from)));
      }
    }
    return scenarios;
  }

  private String connect(Testbed testbed, Transport how, Requester from) throws CheckFailed {
    String id = "8200001" + how.ordinal() + from.ordinal();
    PeerSpec target = PeerSpec.target(id, testbed.awaitKey()).withTransport(how, trusted(how));
    testbed.register(ClientHost.B, target);
    if (!how.isWebSocket()) {
      testbed.ask(ClientHost.B, new PeerCommand.TestNat(id), PeerReport.NatTested.class);
    }
    PeerSpec requester =
        PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey())
            .withTransport(from.transport, trusted(from.transport));
    PeerReport.Connected at =
        testbed.connected(
            ClientHost.A, from.loggedIn ? requester.loggedIn() : requester, id, BYTES);
    boolean isRelayed = how.isWebSocket() || from.transport.isWebSocket();
    SessionPath expected = isRelayed ? SessionPath.RELAYED_BY_TARGET : SessionPath.PUNCHED_TCP;
    check(at.path() == expected, "the path was " + at.path() + ", not " + expected);
    check(
        at.isRequestEncrypted() == from.loggedIn,
        "the request was encrypted: " + at.isRequestEncrypted());
    testbed.ask(ClientHost.B, new PeerCommand.StopPeer(id), PeerReport.Done.class);
    return at.path() + ", 1 MB each way unchanged";
  }

  private @Nullable String trusted(Transport transport) {
    return transport == Transport.WSS ? certificate : null;
  }
}
