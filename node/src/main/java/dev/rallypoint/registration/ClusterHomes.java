package dev.rallypoint.registration;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.RegistrationContext.Homes;
import java.util.concurrent.CompletionStage;

/** The homes of a cluster: this node and its neighbours, reached by their lease desks. */
record ClusterHomes(OtherNodes neighbours, LeaseQuery survey, Counters counters) implements Homes {

  @Override
  public CompletionStage<LeaseQuery.Found> survey(PeerId id) {
    return survey.whoHolds(id);
  }

  @Override
  public boolean isGone(long node) {
    return neighbours.isRemoved(node);
  }

  @Override
  public void tell(long node, LeaseResponder.Command word) {
    counters.hop(word instanceof LeaseResponder.Revoked ? Hop.REVOKED : Hop.UNSETTLED);
    neighbours.tell(node, LeaseResponder.NAME, word);
  }
}
