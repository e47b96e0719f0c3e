package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.AgentProcess;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Everything a scenario needs: the servers, the networks, and one process on each client host.
 * Closing it ends all processes and removes all networks, also when it was opened in part only.
 */
final class Testbed implements AutoCloseable {
  private final Deployment deployment;
  private final Path logs;
  private final long bulkBytes;
  private final Map<ClientHost, AgentProcess> agents = new EnumMap<>(ClientHost.class);
  private boolean closed;

  /**
   * A testbed that is not open yet.
   *
   * @param logs a folder for the logs
   * @param bulkBytes the bytes of a long transfer, each way
   */
  Testbed(Deployment deployment, Path logs, long bulkBytes) {
    this.deployment = deployment;
    this.logs = logs;
    this.bulkBytes = bulkBytes;
  }

  /** Builds the networks, starts the servers and the processes of all hosts, and waits for them. */
  void open() {
    checkNotClosed();
    deployment.open();
    for (ClientHost host : ClientHost.values()) {
      startAgent(host);
    }
    awaitKey();
  }

  private synchronized void startAgent(ClientHost host) {
    checkNotClosed();
    agents.put(
        host,
        AgentProcess.start(deployment.namespaces(), host.label(), PeerAgent.class, "256m", logs));
  }

  private synchronized void checkNotClosed() {
    if (closed) {
      throw new EnvironmentException("the lab is closed");
    }
  }

  /** Whether it was closed, also by another thread. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Waits until the servers are ready and returns their public key. */
  String awaitKey() {
    return deployment.awaitKey();
  }

  /** The prefix of the names of all namespaces. */
  String prefix() {
    return deployment.namespaces().prefix();
  }

  Deployment deployment() {
    return deployment;
  }

  long bulkBytes() {
    return bulkBytes;
  }

  /** Sends a command to the process of a host and waits for its reply. */
  PeerReport ask(ClientHost host, PeerCommand command) {
    return (PeerReport) agent(host).ask(command);
  }

  private synchronized AgentProcess agent(ClientHost host) {
    checkNotClosed();
    AgentProcess agent = agents.get(host);
    if (agent == null) {
      throw new EnvironmentException("no process runs on " + host);
    }
    return agent;
  }

  /** Sends a command and fails unless the reply is of this kind. */
  <R extends PeerReport> R ask(ClientHost host, PeerCommand command, Class<R> kind)
      throws CheckFailed {
    PeerReport report = ask(host, command);
    if (!kind.isInstance(report)) {
      throw new CheckFailed("on " + host + ": " + report);
    }
    return kind.cast(report);
  }

  /** Starts a peer with the servers of the deployment. */
  void start(ClientHost host, PeerSpec spec) throws CheckFailed {
    String registration =
        spec.registers() ? deployment.registrationAddress() : deployment.address();
    PeerSpec complete = spec.withServers(deployment.address(), registration);
    ask(host, new PeerCommand.StartPeer(complete), PeerReport.Done.class);
  }

  /** Starts a target and waits until it is registered under its own id. */
  PeerReport.Registered register(ClientHost host, PeerSpec spec) throws CheckFailed {
    start(host, spec);
    PeerReport.Registered registered =
        ask(host, new PeerCommand.AwaitRegistered(spec.id()), PeerReport.Registered.class);
    Scenario.check(registered.id().equals(spec.id()), "the peer got another id: " + registered);
    return registered;
  }

  /** Runs a requester for one connection, after a NAT test as clients do when they start. */
  PeerReport connect(ClientHost host, PeerSpec spec, String target, long bytes) throws CheckFailed {
    start(host, spec);
    try {
      if (!spec.transport().isWebSocket()) {
        ask(host, new PeerCommand.TestNat(spec.id()), PeerReport.NatTested.class);
      }
      return ask(host, new PeerCommand.Connect(spec.id(), target, bytes));
    } finally {
      ask(host, new PeerCommand.StopPeer(spec.id()));
    }
  }

  /** Runs a requester for one connection and fails unless it opened a session. */
  PeerReport.Connected connected(ClientHost host, PeerSpec spec, String target, long bytes)
      throws CheckFailed {
    PeerReport report = connect(host, spec, target, bytes);
    if (report instanceof PeerReport.Connected connected) {
      Scenario.check(
          connected.exchange().isIntact(), "bytes were changed: " + connected.exchange());
      Scenario.check(connected.isEncrypted(), "the session is not encrypted");
      return connected;
    }
    throw new CheckFailed("no session was opened: " + report);
  }

  /** Ends the servers and the peers; the networks stay. */
  synchronized void endProcesses() {
    closed = true;
    deployment.killServers();
    agents.values().forEach(AgentProcess::close);
  }

  /** Ends the processes, then removes the networks. */
  @Override
  public void close() {
    endProcesses();
    deployment.close();
  }
}
