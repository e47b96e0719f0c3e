package dev.rallypoint.app.steering;

import dev.rallypoint.app.steering.Answers.Freed;
import dev.rallypoint.app.steering.Answers.HomeLine;
import dev.rallypoint.app.steering.Answers.PeerLine;
import dev.rallypoint.app.steering.Answers.Peers;
import dev.rallypoint.app.steering.SteeringCommand.Peer;
import dev.rallypoint.app.steering.SteeringCommand.PeerList;
import dev.rallypoint.cluster.NodeSurvey;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.FreeOutcome;
import dev.rallypoint.registration.PeerAdministration;
import dev.rallypoint.store.ListedPeer;
import dev.rallypoint.store.PeerQuery;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.WallClock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peers of the whole cluster for operators, a page at a time. */
final class PeerView {
  /** The most peers of a page: the ids of one cross in a message between nodes. */
  static final int MOST = 500;

  private static final Logger LOG = LoggerFactory.getLogger(PeerView.class);

  private final ClusterView cluster;
  private final PeerAdministration peers;
  private final PeerStore store;
  private final WallClock clock;

  PeerView(ClusterView cluster, PeerAdministration peers, PeerStore store, WallClock clock) {
    this.cluster = cluster;
    this.peers = peers;
    this.store = store;
    this.clock = clock;
  }

  /** Stored peers, online or not; fails when the database does not answer. */
  CompletionStage<Peers> stored(PeerQuery query) {
    return store
        .list(query)
        .thenCompose(rows -> {
          List<String> ids = rows.stream().map(ListedPeer::id).toList();
          return cluster
              .<PeerList>ask(replyTo -> new SteeringCommand.FindPeers(ids, replyTo))
              .thenApply(answers -> {
                Map<String, HomeLine> homes = homes(answers.values());
                return new Peers(
                    rows.stream().map(row -> line(row, homes.get(row.id()))).toList(),
                    rows.size() < query.most() || query.isExact()
                        ? Optional.empty()
                        : Optional.of(ids.getLast()),
                    answers.missing());
              });
        });
  }

  /** Peers that are registered somewhere. */
  CompletionStage<Peers> online(String after, int most) {
    return cluster
        .<PeerList>ask(replyTo -> new SteeringCommand.ListPeers(after, most, replyTo))
        .thenApply(answers -> page(answers, most));
  }

  private Peers page(NodeSurvey.Answers<PeerList> answers, int most) {
    List<PeerLine> first =
        homes(answers.values()).entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(most)
            .map(home ->
                new PeerLine(
                    home.getKey(),
                    true,
                    Optional.of(home.getValue()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
            .toList();
    return new Peers(
        first,
        first.size() < most ? Optional.empty() : Optional.of(first.getLast().id()),
        answers.missing());
  }

  /** Of two homes of one peer, which there may be for moments, the one that heard it last. */
  private Map<String, HomeLine> homes(List<PeerList> lists) {
    Map<String, HomeLine> homes = new HashMap<>();
    for (PeerList list : lists) {
      for (Peer peer : list.peers()) {
        homes.merge(
            peer.id(),
            home(list.node(), peer),
            (one, other) ->
                Comparator.comparing(HomeLine::heard).compare(one, other) >= 0 ? one : other);
      }
    }
    return homes;
  }

  HomeLine home(String node, Peer peer) {
    Instant now = clock.instant();
    return new HomeLine(
        node,
        peer.address(),
        peer.way(),
        now.minusMillis(peer.sinceMillis()),
        now.minusMillis(peer.silentMillis()));
  }

  private static PeerLine line(ListedPeer row, @Nullable HomeLine home) {
    return new PeerLine(
        row.id(),
        home != null,
        Optional.ofNullable(home),
        Optional.of(row.ip()).filter(ip -> !ip.isEmpty()),
        Optional.ofNullable(row.stored()),
        Optional.ofNullable(row.lastSeen()));
  }

  /** Deletes the row of an id; see {@link PeerAdministration#free}. */
  CompletionStage<Freed> free(PeerId id, boolean evenOnline) {
    return peers
        .free(id, evenOnline)
        .thenApply(outcome -> {
          if (outcome == FreeOutcome.FREED) {
            LOG.info(
                "an operator {} the id {}: its key is forgotten, the next device that registers"
                    + " has it",
                evenOnline ? "released" : "deleted",
                id);
          }
          return new Freed(id.value(), outcome.name().toLowerCase(Locale.ROOT));
        });
  }
}
