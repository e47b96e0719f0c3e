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

/**
 * Every node asked for the same ids, and what they said compared.
 *
 * @param ids how many
 * @param differing those about which two nodes said two things, in words
 * @param unanswered questions that a node gave no answer to that counts
 */
record Agreement(int ids, List<String> differing, List<String> unanswered) {
  private static final int SHOWN = 5;

  static Agreement of(Rig rig, List<String> ids) throws Exception {
    List<String> differing = new ArrayList<>();
    List<String> unanswered = new ArrayList<>();
    for (String id : ids) {
      Set<ByteString> keys = new HashSet<>();
      Set<Outcome> outcomes = new HashSet<>();
      for (Asked answer : ask(rig, id)) {
        if (answer.outcome().isAuthority()) {
          outcomes.add(answer.outcome());
          keys.add(answer.key());
        } else {
          unanswered.add(
              "%s at node %d: %s after %s"
                  .formatted(
                      id, answer.node(), answer.outcome(), Scorecard.seconds(answer.took())));
        }
      }
      if (keys.size() > 1 || outcomes.size() > 1) {
        differing.add(id + " " + outcomes + (keys.size() > 1 ? ", two keys" : ""));
      }
    }
    return new Agreement(ids.size(), differing, unanswered);
  }

  private static List<Asked> ask(Rig rig, String id) throws Exception {
    List<FutureTask<Asked>> questions = new ArrayList<>();
    for (int node = 1; node <= rig.nodes().size(); node++) {
      int asked = node;
      FutureTask<Asked> question =
          new FutureTask<>(() -> rig.requesting().askAt(asked, id, Requesting.PATIENT));
      rig.threads().execute(question);
      questions.add(question);
    }
    List<Asked> answers = new ArrayList<>();
    for (FutureTask<Asked> question : questions) {
      answers.add(question.get());
    }
    return answers;
  }

  void show(Scorecard card, String run) {
    card.atLeast(run, "ids that every node is asked for", ids, 1);
    card.atMost(run, "ids about which two nodes differ, of " + ids, differing.size(), 0);
    differing.stream().limit(SHOWN).forEach(words -> card.tell(run, "  " + words, ""));
    card.atMost(run, "  questions that a node did not answer", unanswered.size(), 0);
    unanswered.stream().limit(SHOWN).forEach(words -> card.tell(run, "  " + words, ""));
  }
}
