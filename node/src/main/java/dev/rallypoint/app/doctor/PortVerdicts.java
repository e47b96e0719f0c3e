package dev.rallypoint.app.doctor;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Who has the ports of a node.
 *
 * @param ports each port
 * @param isNodeRunning whether a node runs with these settings
 */
public record PortVerdicts(List<Port> ports, boolean isNodeRunning) {

  /** What was seen of one port. */
  public enum State {
    /** It can be bound. */
    FREE,
    /** It is answered as a node does. */
    SERVED,
    /** It cannot be bound, and no node answers there. */
    TAKEN,
    /** This user may not bind it. */
    FORBIDDEN
  }

  /**
   * One port.
   *
   * @param name such as {@code 21116/udp}
   */
  public record Port(String name, State state) {}

  public PortVerdicts {
    ports = List.copyOf(ports);
  }

  /** The rows: one for each port with something wrong, or one for all. */
  public List<Finding> findings() {
    List<Finding> wrong =
        ports.stream().filter(port -> isWrong(port.state)).map(this::wrong).toList();
    if (!wrong.isEmpty()) {
      return wrong;
    }
    String names = ports.stream().map(Port::name).collect(Collectors.joining(", "));
    return List.of(
        isNodeRunning
            ? new Finding(Check.PORTS, ServerVerdict.PORTS_SERVED, "a node answers at " + names)
            : new Finding(Check.PORTS, ServerVerdict.PORTS_FREE, "no node runs here: " + names));
  }

  private boolean isWrong(State state) {
    return switch (state) {
      case SERVED -> false;
      case FREE -> isNodeRunning;
      case TAKEN, FORBIDDEN -> true;
    };
  }

  private Finding wrong(Port port) {
    return switch (port.state) {
      case FORBIDDEN ->
          new Finding(Check.PORTS, ServerVerdict.PORT_FORBIDDEN, port.name + ": permission denied");
      case FREE ->
          new Finding(Check.PORTS, ServerVerdict.PORT_DEAF, port.name + ": nothing listens");
      default ->
          isNodeRunning
              ? new Finding(Check.PORTS, ServerVerdict.PORT_DEAF, port.name + ": no right answer")
              : new Finding(
                  Check.PORTS, ServerVerdict.PORT_TAKEN, port.name + ": another program has it");
    };
  }
}
