package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Step.check;

import dev.rallypoint.loadtest.ConnectFailure.Reason;
import dev.rallypoint.loadtest.SessionPath;
import dev.rallypoint.loadtest.lab.Step.NotSeen;
import dev.rallypoint.loadtest.machine.NodeProcess;
import java.util.List;

/** What is answered when no session can be, and what is left after a restart. */
final class Refusing {
  private static final long SMALL = 100_000;

  private Refusing() {}

  static List<Step> steps() {
    return List.of(
        new Step("an online query is answered bit by bit", Arriving::queriesOnline),
        new Step("a wrong key is refused", Refusing::refusesKeys),
        new Step(
            "an unknown id is refused", s -> refuses(s, Ids.UNKNOWN, Reason.ID_DOES_NOT_EXIST)),
        new Step("an offline id is refused", s -> refuses(s, Ids.GONE, Reason.OFFLINE)),
        new Step("a relay for an unknown id is refused, not ignored", Refusing::refusesRelay),
        new Step("after a restart key and ids are known, ids offline", Refusing::forgetsNothing),
        new Step("a peer of before registers again and is reached", Refusing::comesBack));
  }

  private static String refusesKeys(Stage stage) throws NotSeen {
    PeerSpec none = PeerSpec.requester(Ids.REQUESTER, "");
    PeerSpec other = PeerSpec.requester(Ids.REQUESTER, "not the key");
    PeerSpec ancient = PeerSpec.requester(Ids.REQUESTER, "").withVersion("1.1.9");
    String seen = refusal(stage, other, Ids.CONE, Reason.KEY_MISMATCH);
    refusal(stage, none, Ids.CONE, Reason.KEY_MISMATCH);
    refusal(stage, ancient, Ids.CONE, Reason.KEY_MISMATCH);
    return seen + " (a wrong text, the built-in key, and 1.1.9 that sends none)";
  }

  private static String refuses(Stage stage, String id, Reason reason) throws NotSeen {
    return refusal(stage, PeerSpec.requester(Ids.REQUESTER, stage.key()), id, reason);
  }

  private static String refusal(Stage stage, PeerSpec requester, String id, Reason reason)
      throws NotSeen {
    Report report = stage.connect(Place.A, requester, id, 1);
    if (report instanceof Report.Refused refused && refused.reason() == reason) {
      return "\"" + refused.text() + "\"";
    }
    throw new NotSeen(id + " must be refused by " + reason + ": " + report);
  }

  private static String refusesRelay(Stage stage) throws NotSeen {
    PeerSpec requester = PeerSpec.requester(Ids.REQUESTER, stage.key());
    stage.start(Place.A, requester);
    String relay = stage.site().address() + ":" + NodeProcess.RELAY_PORT;
    Order wish = new Order.ConnectByRelay(Ids.REQUESTER, Ids.UNKNOWN, relay);
    Report.Refused refused = stage.ask(Place.A, wish, Report.Refused.class);
    stage.ask(Place.A, new Order.StopPeer(Ids.REQUESTER), Report.Done.class);
    check(refused.reason() == Reason.RELAY_REFUSED, "ended by " + refused);
    return "refuse_reason \"" + refused.text() + "\"";
  }

  private static String forgetsNothing(Stage stage) throws NotSeen {
    String key = stage.key();
    stage.ask(Place.B, new Order.StopPeer(Ids.CONE), Report.Done.class);
    List<Integer> codes = stage.site().restart();
    check(codes.stream().allMatch(code -> code == 0), "ended with " + codes + " on SIGTERM");
    check(stage.key().equals(key), "its key was " + key + " and is " + stage.key());
    refuses(stage, Ids.CONE, Reason.OFFLINE);
    refuses(stage, Ids.UNKNOWN, Reason.ID_DOES_NOT_EXIST);
    return "SIGTERM gave 0, same key, " + Ids.CONE + " OFFLINE, " + Ids.UNKNOWN + " unknown";
  }

  private static String comesBack(Stage stage) throws NotSeen {
    stage.register(Place.B, PeerSpec.target(Ids.CONE, stage.key()).knownFromBefore());
    stage.ask(Place.B, new Order.TestNat(Ids.CONE), Report.NatTested.class);
    PeerSpec requester = PeerSpec.requester(Ids.REQUESTER, stage.key());
    Report.Connected at = stage.connected(Place.A, requester, Ids.CONE, SMALL);
    check(at.path() == SessionPath.PUNCHED_TCP, "came by " + at.path());
    check(at.secured(), "the peers do not trust each other's key");
    return "RegisterPeer, RegisterPk on request, then " + at.path();
  }
}
