package dev.rallypoint.registration;

import dev.rallypoint.cluster.Neighbours;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.RegistrationSurroundings.Homes;
import java.util.concurrent.CompletionStage;

/** The homes of a cluster: this node and its neighbours, reached by their lease desks. */
record KnownHomes(Neighbours neighbours, Survey survey, Counters counters) implements Homes {

  @Override
  public CompletionStage<Survey.Found> survey(PeerId id) {
    return survey.whoHolds(id);
  }

  @Override
  public boolean isGone(long node) {
    return neighbours.isGone(node);
  }

  @Override
  public void tell(long node, LeaseDesk.Command word) {
    counters.hop(word instanceof LeaseDesk.Revoked ? Hop.REVOKED : Hop.UNSETTLED);
    neighbours.tell(node, LeaseDesk.NAME, word);
  }
}
