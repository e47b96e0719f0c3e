package dev.rallypoint.app.doctor.server;

import dev.rallypoint.app.doctor.PortVerdicts;
import dev.rallypoint.app.doctor.PortVerdicts.Port;
import dev.rallypoint.app.doctor.PortVerdicts.State;
import dev.rallypoint.app.health.HealthCheck;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tries each port of a node: it is asked as a client asks, and bound for a moment where free. */
record NodePortsProbe(NodeSettings settings) {
  private static final String UDP = "/udp";

  /** Takes some seconds at most. */
  PortVerdicts find() {
    List<String> faults = HealthCheck.faults(settings);
    List<Port> ports = new ArrayList<>();
    if (isIdServer()) {
      int port = settings.rendezvous().port();
      ports.add(new Port(port + UDP, state(port + UDP, isUdpFree(port), faults)));
    }
    for (int port : tcpPorts()) {
      String name = String.valueOf(port);
      ports.add(new Port(name, state(name, isTcpFree(settings.bind(), port), faults)));
    }
    boolean isRunning = ports.stream().anyMatch(port -> port.state() == State.SERVED);
    if (isRunning) {
      addOthers(ports);
    }
    return new PortVerdicts(ports, isRunning);
  }

  /** Ports that a running node has and no client asks: they are free only when something failed. */
  private void addOthers(List<Port> ports) {
    if (settings.store() instanceof PostgresSettings && settings.cluster().port() != 0) {
      int port = settings.cluster().port();
      boolean isFree = isTcpFree("", port) == State.FREE;
      ports.add(new Port(String.valueOf(port), isFree ? State.FREE : State.SERVED));
    }
  }

  private boolean isIdServer() {
    return settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
  }

  private Set<Integer> tcpPorts() {
    Set<Integer> ports = new TreeSet<>();
    if (isIdServer()) {
      ports.add(settings.rendezvous().natTestPort());
      ports.add(settings.rendezvous().port());
      ports.add(settings.rendezvous().webSocketPort());
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      ports.add(settings.relay().port());
      ports.add(settings.relay().webSocketPort());
    }
    if (settings.entrance().httpsPort() != 0) {
      ports.add(settings.entrance().httpsPort());
    }
    return ports;
  }

  /** A port that can be bound is free; of the others those are served that are well. */
  private static State state(String port, State bound, List<String> faults) {
    return bound == State.TAKEN
            && faults.stream().noneMatch(fault -> fault.startsWith("port " + port + ":"))
        ? State.SERVED
        : bound;
  }

  private static State isTcpFree(String bind, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address(bind, port));
      return State.FREE;
    } catch (IOException e) {
      return refusal(e);
    }
  }

  private State isUdpFree(int port) {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.bind(address(settings.bind(), port));
      return State.FREE;
    } catch (IOException e) {
      return refusal(e);
    }
  }

  private static InetSocketAddress address(String bind, int port) {
    return bind.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bind, port);
  }

  private static State refusal(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("ermission")
        ? State.FORBIDDEN
        : State.TAKEN;
  }
}
