package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.lab.Step.NotSeen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a scenario plays on: the network, the server, the processes of the peers. Closing it
 * ends what it started and removes what it built, however far it came.
 */
final class Stage implements AutoCloseable {
  private final Path launcher;
  private final Path data;
  private final Path logs;
  private final long bulkBytes;
  private final Network network = Network.plan();
  private final Map<Place, AgentProcess> agents = new EnumMap<>(Place.class);
  private @Nullable RallypointProcess server;
  private boolean closed;

  private Stage(Path launcher, Path data, Path logs, long bulkBytes) {
    this.launcher = launcher;
    this.data = data;
    this.logs = logs;
    this.bulkBytes = bulkBytes;
  }

  /**
   * An empty stage.
   *
   * @param launcher bin/rallypoint
   * @param work an empty folder for the server's data and all logs
   * @param bulkBytes how much goes each way over a relay
   */
  static Stage in(Path work, Path launcher, long bulkBytes) throws IOException {
    return new Stage(launcher, Files.createDirectories(work.resolve("data")), work, bulkBytes);
  }

  /** Builds the network, starts the processes of all places and the server, and waits for it. */
  void open() {
    network.build(Lab.RELAY_PORT);
    startServer();
    for (Place place : Place.values()) {
      startAgent(place);
    }
    key();
  }

  private synchronized void startServer() {
    refuseWhenClosed();
    server = RallypointProcess.start(network, launcher, data, logs.resolve("server.log"));
  }

  private synchronized void startAgent(Place place) {
    refuseWhenClosed();
    agents.put(place, AgentProcess.start(network, place, logs));
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
  }

  /** Whether it was closed, maybe by another thread. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** The running server. */
  synchronized RallypointProcess server() {
    RallypointProcess running = server;
    if (running == null) {
      throw new LabException("the server is not started");
    }
    return running;
  }

  /** Stops the server by SIGTERM and starts it again on the same data. Gives its exit code. */
  int restartServer() {
    int code = server().stop();
    startServer();
    key();
    return code;
  }

  /** The server's public key; waits until the server is ready. */
  String key() {
    return server().key();
  }

  Network network() {
    return network;
  }

  long bulkBytes() {
    return bulkBytes;
  }

  /** Gives an order to the process of a place. */
  Report ask(Place place, Order order) {
    return agent(place).ask(order);
  }

  private synchronized AgentProcess agent(Place place) {
    refuseWhenClosed();
    AgentProcess agent = agents.get(place);
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

  /** Starts a peer that others can reach and waits until it is registered under its own id. */
  Report.Registered register(Place place, PeerSpec spec) throws NotSeen {
    ask(place, new Order.StartPeer(spec), Report.Done.class);
    Report.Registered registered =
        ask(place, new Order.AwaitRegistered(spec.id()), Report.Registered.class);
    Step.check(registered.id().equals(spec.id()), "it was made to change its id: " + registered);
    return registered;
  }

  /** Plays a requester for one connection, with a NAT test first as clients do when they start. */
  Report connect(Place place, PeerSpec spec, String target, long bytes) throws NotSeen {
    ask(place, new Order.StartPeer(spec), Report.Done.class);
    try {
      ask(place, new Order.TestNat(spec.id()), Report.NatTested.class);
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

  /** Ends the server and the peers; the network stays. */
  synchronized void endProcesses() {
    closed = true;
    RallypointProcess running = server;
    if (running != null) {
      running.close();
    }
    agents.values().forEach(AgentProcess::close);
  }

  /** Ends the processes, then removes the network. */
  @Override
  public void close() {
    endProcesses();
    network.close();
  }
}
