package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.lab.Step.NotSeen;
import dev.rallypoint.loadtest.machine.Agent;
import dev.rallypoint.loadtest.machine.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Everything a scenario plays on: the network, the server, the processes of the peers. Closing it
 * ends what it started and removes what it built, however far it came.
 */
final class Stage implements AutoCloseable {
  private final Site site;
  private final Path logs;
  private final long bulkBytes;
  private final Map<Place, Agent> agents = new EnumMap<>(Place.class);
  private boolean closed;

  /**
   * An empty stage.
   *
   * @param logs an empty folder
   * @param bulkBytes how much goes each way over a relay
   */
  Stage(Site site, Path logs, long bulkBytes) {
    this.site = site;
    this.logs = logs;
    this.bulkBytes = bulkBytes;
  }

  /** A stage with one server, whose data is below a folder. */
  static Stage in(Path work, Path launcher, long bulkBytes) throws IOException {
    Path data = Files.createDirectories(work.resolve("data"));
    return new Stage(new OneServer(launcher, data, work.resolve("server.log")), work, bulkBytes);
  }

  /** Builds the site, starts the processes of all places and the servers, and waits for them. */
  void open() {
    refuseWhenClosed();
    site.open();
    for (Place place : Place.values()) {
      startAgent(place);
    }
    key();
  }

  private synchronized void startAgent(Place place) {
    refuseWhenClosed();
    agents.put(place, Agent.start(site.namespaces(), place.label(), PeerAgent.class, "256m", logs));
  }

  private synchronized void refuseWhenClosed() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
  }

  /** Whether it was closed, maybe by another thread. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** The servers' public key; waits until they are ready. */
  String key() {
    return site.key();
  }

  Site site() {
    return site;
  }

  long bulkBytes() {
    return bulkBytes;
  }

  /** Gives an order to the process of a place. */
  Report ask(Place place, Order order) {
    return (Report) agent(place).ask(order);
  }

  private synchronized Agent agent(Place place) {
    refuseWhenClosed();
    Agent agent = agents.get(place);
    if (agent == null) {
      throw new LabException("nothing runs at " + place);
    }
    return agent;
  }

  /** Gives an order that has only one good kind of answer. */
  <R extends Report> R ask(Place place, Order order, Class<R> kind) throws NotSeen {
    Report report = ask(place, order);
    if (!kind.isInstance(report)) {
      throw new NotSeen("at " + place + ": " + report);
    }
    return kind.cast(report);
  }

  /** Starts a peer with the site's address as its server. */
  void start(Place place, PeerSpec spec) throws NotSeen {
    String home = spec.registers() ? site.home() : site.address();
    ask(place, new Order.StartPeer(spec.at(site.address(), home)), Report.Done.class);
  }

  /** Starts a peer that others can reach and waits until it is registered under its own id. */
  Report.Registered register(Place place, PeerSpec spec) throws NotSeen {
    start(place, spec);
    Report.Registered registered =
        ask(place, new Order.AwaitRegistered(spec.id()), Report.Registered.class);
    Step.check(registered.id().equals(spec.id()), "it was made to change its id: " + registered);
    return registered;
  }

  /** Plays a requester for one connection, with a NAT test first as clients do when they start. */
  Report connect(Place place, PeerSpec spec, String target, long bytes) throws NotSeen {
    start(place, spec);
    try {
      if (!spec.transport().isWebSocket()) {
        ask(place, new Order.TestNat(spec.id()), Report.NatTested.class);
      }
      return ask(place, new Order.Connect(spec.id(), target, bytes));
    } finally {
      ask(place, new Order.StopPeer(spec.id()));
    }
  }

  /** The same where a session must come about. */
  Report.Connected connected(Place place, PeerSpec spec, String target, long bytes) throws NotSeen {
    Report report = connect(place, spec, target, bytes);
    if (report instanceof Report.Connected connected) {
      Step.check(connected.exchange().isIntact(), "bytes were damaged: " + connected.exchange());
      Step.check(connected.secured(), "the requester did not trust the target's key");
      return connected;
    }
    throw new NotSeen("no session: " + report);
  }

  /** Ends the servers and the peers; the network stays. */
  synchronized void endProcesses() {
    closed = true;
    site.endServers();
    agents.values().forEach(Agent::close);
  }

  /** Ends the processes, then removes the network. */
  @Override
  public void close() {
    endProcesses();
    site.close();
  }
}
