package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.crowd.Asked;
import dev.rallypoint.loadtest.crowd.Outcome;
import dev.rallypoint.loadtest.crowd.Requesting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;

/** Asks every node for the same ids and compares what they say. */
final class Agreement {
  private Agreement() {}

  /** The ids about which two nodes say two things, in words. */
  static List<String> contradictions(Rig rig, List<String> ids) throws Exception {
    List<String> found = new ArrayList<>();
    for (String id : ids) {
      List<FutureTask<Asked>> questions = new ArrayList<>();
      for (int node = 1; node <= rig.nodes().size(); node++) {
        int asked = node;
        FutureTask<Asked> question =
            new FutureTask<>(() -> rig.requesting().askAt(asked, id, Requesting.PATIENT));
        rig.threads().execute(question);
        questions.add(question);
      }
      Set<ByteString> keys = new HashSet<>();
      Set<Outcome> outcomes = new HashSet<>();
      for (FutureTask<Asked> question : questions) {
        Asked answer = question.get();
        outcomes.add(answer.outcome());
        keys.add(answer.key());
      }
      if (keys.size() > 1 || outcomes.size() > 1) {
        found.add(id + " " + outcomes + (keys.size() > 1 ? ", " + keys.size() + " keys" : ""));
      }
    }
    return found;
  }
}
