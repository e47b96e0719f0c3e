package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.load.PunchOutcome;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.PunchResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;

/**
 * Compares the answers of all nodes about the same ids.
 *
 * @param ids how many ids were asked for
 * @param differing the ids about which two nodes gave different answers
 * @param unanswered the requests that a node did not decide
 */
record AnswerComparison(int ids, List<String> differing, List<String> unanswered) {
  private static final int SHOWN = 5;

  /** Asks each node for each id. */
  static AnswerComparison of(LoadedCluster loaded, List<String> ids) throws Exception {
    List<String> differing = new ArrayList<>();
    List<String> unanswered = new ArrayList<>();
    for (String id : ids) {
      Set<ByteString> keys = new HashSet<>();
      Set<PunchOutcome> outcomes = new HashSet<>();
      for (PunchResult answer : request(loaded, id)) {
        if (answer.outcome().isDecision()) {
          outcomes.add(answer.outcome());
          keys.add(answer.key());
        } else {
          unanswered.add(
              "%s at node %d: %s after %s"
                  .formatted(
                      id, answer.node(), answer.outcome(), RunReport.seconds(answer.took())));
        }
      }
      if (keys.size() > 1 || outcomes.size() > 1) {
        differing.add(id + " " + outcomes + (keys.size() > 1 ? ", two keys" : ""));
      }
    }
    return new AnswerComparison(ids.size(), differing, unanswered);
  }

  private static List<PunchResult> request(LoadedCluster loaded, String id) throws Exception {
    List<FutureTask<PunchResult>> requests = new ArrayList<>();
    for (int i = 1; i <= loaded.nodes().size(); i++) {
      int node = i;
      FutureTask<PunchResult> request =
          new FutureTask<>(
              () -> loaded.requester().requestAt(node, id, PunchRequester.CLIENT_WAITS));
      loaded.threads().execute(request);
      requests.add(request);
    }
    List<PunchResult> results = new ArrayList<>();
    for (FutureTask<PunchResult> request : requests) {
      results.add(request.get());
    }
    return results;
  }

  void report(RunReport report, String run) {
    report.atLeast(run, "ids asked for at every node", ids, 1);
    report.atMost(run, "ids with different answers, of " + ids, differing.size(), 0);
    differing.stream().limit(SHOWN).forEach(text -> report.value(run, "  " + text, ""));
    report.atMost(run, "  requests that a node did not decide", unanswered.size(), 0);
    unanswered.stream().limit(SHOWN).forEach(text -> report.value(run, "  " + text, ""));
  }
}
