package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Heartbeats of registered peers, of whom the one sends that has waited longest. While all wait for
 * an answer, a heartbeat that is due has failed.
 */
final class HeartbeatTraffic implements Traffic {
  private final Clients clients;
  private final RegisteredPeers peers;
  private final List<Queue<VirtualUser>> idle = new ArrayList<>();

  HeartbeatTraffic(Clients clients, String prefix, int count) throws InterruptedException {
    this.clients = clients;
    this.peers = RegisteredPeers.register(clients, prefix, count);
    clients.loops().forEach(loop -> idle.add(new ArrayDeque<>()));
    for (int i = 0; i < count; i++) {
      idle.get(peers.place(i)).add(peers.users().get(i));
    }
  }

  @Override
  public void begin() {
    // the peers are registered
  }

  @Override
  public void send(int place, long due, StepRecord counts) {
    Queue<VirtualUser> waiting = idle.get(place);
    VirtualUser user = waiting.poll();
    Peer peer = user == null ? null : user.peer();
    if (user == null || peer == null) {
      counts.ko(due, "all peers wait for an answer");
      return;
    }
    peer.beat(
        clients.settings().timeout(),
        new AnswerListener() {
          @Override
          public void answered(RendezvousMessage answer) {
            waiting.add(user);
            counts.ok(due);
          }

          @Override
          public void failed(Failure failure) {
            waiting.add(user);
            counts.ko(due, failure.text());
          }
        });
  }

  @Override
  public void end() {
    // each has an answer or a failure
  }

  @Override
  public void close() {
    peers.close();
  }
}
