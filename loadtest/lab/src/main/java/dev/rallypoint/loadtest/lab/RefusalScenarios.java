package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Scenario.check;

import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import java.util.List;

/** Scenarios of online queries and refusals, and of a restart of the servers. */
final class RefusalScenarios {
  private static final long FEW_BYTES = 100_000;

  private RefusalScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "an online query is answered by a bitmap", RegistrationScenarios::queriesOnline),
        new Scenario("a wrong key is refused", RefusalScenarios::refusesKeys),
        new Scenario(
            "an unknown id is refused", s -> refuses(s, PeerIds.UNKNOWN, Reason.ID_DOES_NOT_EXIST)),
        new Scenario("an offline id is refused", s -> refuses(s, PeerIds.OFFLINE, Reason.OFFLINE)),
        new Scenario("a relay for an unknown id is refused", RefusalScenarios::refusesRelay),
        new Scenario(
            "a restart keeps key and ids; all ids are offline", RefusalScenarios::keepsKeyAndIds),
        new Scenario("a peer registers again after the restart", RefusalScenarios::registersAgain));
  }

  private static String refusesKeys(Testbed testbed) throws CheckFailed {
    PeerSpec none = PeerSpec.requester(PeerIds.REQUESTER, "");
    PeerSpec other = PeerSpec.requester(PeerIds.REQUESTER, "not the key");
    PeerSpec withoutKey = PeerSpec.requester(PeerIds.REQUESTER, "").withVersion("1.1.9");
    String observed = refusal(testbed, other, PeerIds.CONE, Reason.KEY_MISMATCH);
    refusal(testbed, none, PeerIds.CONE, Reason.KEY_MISMATCH);
    refusal(testbed, withoutKey, PeerIds.CONE, Reason.KEY_MISMATCH);
    return observed + " (for a wrong key, the built-in key, and 1.1.9, which sends no key)";
  }

  private static String refuses(Testbed testbed, String id, Reason reason) throws CheckFailed {
    return refusal(testbed, PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey()), id, reason);
  }

  private static String refusal(Testbed testbed, PeerSpec requester, String id, Reason reason)
      throws CheckFailed {
    PeerReport report = testbed.connect(ClientHost.A, requester, id, 1);
    if (report instanceof PeerReport.Refused refused && refused.reason() == reason) {
      return "\"" + refused.text() + "\"";
    }
    throw new CheckFailed(id + " was not refused by " + reason + ": " + report);
  }

  private static String refusesRelay(Testbed testbed) throws CheckFailed {
    PeerSpec requester = PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey());
    testbed.start(ClientHost.A, requester);
    String relay = testbed.deployment().address() + ":" + NodeProcess.RELAY_PORT;
    PeerCommand command = new PeerCommand.ConnectByRelay(PeerIds.REQUESTER, PeerIds.UNKNOWN, relay);
    PeerReport.Refused refused = testbed.ask(ClientHost.A, command, PeerReport.Refused.class);
    testbed.ask(ClientHost.A, new PeerCommand.StopPeer(PeerIds.REQUESTER), PeerReport.Done.class);
    check(refused.reason() == Reason.RELAY_REFUSED, "the failure was " + refused);
    return "refuse_reason \"" + refused.text() + "\"";
  }

  private static String keepsKeyAndIds(Testbed testbed) throws CheckFailed {
    String key = testbed.awaitKey();
    testbed.ask(ClientHost.B, new PeerCommand.StopPeer(PeerIds.CONE), PeerReport.Done.class);
    List<Integer> codes = testbed.deployment().restart();
    check(codes.stream().allMatch(code -> code == 0), "the exit codes after SIGTERM are " + codes);
    check(
        testbed.awaitKey().equals(key),
        "the key changed from " + key + " to " + testbed.awaitKey());
    refuses(testbed, PeerIds.CONE, Reason.OFFLINE);
    refuses(testbed, PeerIds.UNKNOWN, Reason.ID_DOES_NOT_EXIST);
    return "exit code 0, same key, " + PeerIds.CONE + " OFFLINE, " + PeerIds.UNKNOWN + " unknown";
  }

  private static String registersAgain(Testbed testbed) throws CheckFailed {
    testbed.register(ClientHost.B, PeerSpec.target(PeerIds.CONE, testbed.awaitKey()).confirmed());
    testbed.ask(ClientHost.B, new PeerCommand.TestNat(PeerIds.CONE), PeerReport.NatTested.class);
    PeerSpec requester = PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey());
    PeerReport.Connected at = testbed.connected(ClientHost.A, requester, PeerIds.CONE, FEW_BYTES);
    check(at.path() == SessionPath.PUNCHED_TCP, "the path was " + at.path());
    check(at.isEncrypted(), "the session is not encrypted");
    return "RegisterPeer, RegisterPk on request, " + at.path();
  }
}
