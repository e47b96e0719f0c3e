package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Step.check;

import dev.rallypoint.loadtest.SessionPath;
import dev.rallypoint.loadtest.Transport;
import dev.rallypoint.loadtest.lab.Step.NotSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Every way in for a target with every way in for a requester. */
final class Pairing {
  private static final long BYTES = 1_000_000;

  private final String certificate;

  /**
   * @param certificate the file with the nodes' certificate
   */
  Pairing(String certificate) {
    this.certificate = certificate;
  }

  /** How a requester comes in. */
  private enum Asking {
    TCP(Transport.UDP, false),
    SECURED(Transport.UDP, true),
    WS(Transport.WS, false),
    WSS(Transport.WSS, false);

    private final Transport transport;
    private final boolean loggedIn;

    Asking(Transport transport, boolean loggedIn) {
      this.transport = transport;
      this.loggedIn = loggedIn;
    }
  }

  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (Transport target : Transport.values()) {
      for (Asking asking : Asking.values()) {
        String name =
            String.format(Locale.ROOT, "B over %s is reached by A over %s", target, asking);
        steps.add(new Step(name, stage -> meet(stage, target, asking)));
      }
    }
    return steps;
  }

  private String meet(Stage stage, Transport how, Asking asking) throws NotSeen {
    String id = "8200001" + how.ordinal() + asking.ordinal();
    PeerSpec target = PeerSpec.target(id, stage.key()).over(how, trust(how));
    stage.register(Place.B, target);
    if (!how.isWebSocket()) {
      stage.ask(Place.B, new Order.TestNat(id), Report.NatTested.class);
    }
    PeerSpec requester =
        PeerSpec.requester(Ids.REQUESTER, stage.key())
            .over(asking.transport, trust(asking.transport));
    Report.Connected at =
        stage.connected(Place.A, asking.loggedIn ? requester.loggedIn() : requester, id, BYTES);
    boolean isRelayed = how.isWebSocket() || asking.transport.isWebSocket();
    SessionPath expected = isRelayed ? SessionPath.RELAYED_BY_TARGET : SessionPath.PUNCHED_TCP;
    check(at.path() == expected, "came by " + at.path() + ", not by " + expected);
    check(at.askedInSecret() == asking.loggedIn, "the link was secured: " + at.askedInSecret());
    stage.ask(Place.B, new Order.StopPeer(id), Report.Done.class);
    return at.path() + ", 1 MB each way intact";
  }

  private @Nullable String trust(Transport transport) {
    return transport == Transport.WSS ? certificate : null;
  }
}
