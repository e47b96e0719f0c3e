package dev.rallypoint.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Says what would happen to a request for an id, step by step, with the mend of each fault: by what
 * the nodes know, without sending anything to a client.
 */
public final class Diagnosis {
  private final Facts facts;
  private final List<Step> steps = new ArrayList<>();

  /** How a step ends. */
  public enum Outcome {
    /** The request goes on. */
    OK,
    /** It goes on, and something is worth a look. */
    WARNING,
    /** It ends here. */
    FAULT
  }

  /** What is known of where the target is. */
  public enum Known {
    /** Nobody can have this id. */
    IMPOSSIBLE,
    /** Nobody has it. */
    NOBODY,
    /** Stored, and not heard lately. */
    OFFLINE,
    /** Registered. */
    ONLINE,
    /** The database or a node does not answer. */
    UNCLEAR
  }

  /**
   * One of the two clients.
   *
   * @param way by which it is registered: {@code udp}, {@code tcp}, {@code websocket} or empty
   * @param nat {@code symmetric}, {@code asymmetric} or empty
   * @param refusals the reasons of its last refusals, the newest first
   * @param lists of {@code blocklist} and {@code blacklist}, those that it is in
   */
  public record Client(String way, String nat, List<String> refusals, List<String> lists) {
    /** A client of which nothing is known. */
    public static final Client UNKNOWN = new Client("", "", List.of(), List.of());

    private boolean wasRefused(String reason) {
      return refusals.contains(reason);
    }
  }

  /**
   * What the relays are like.
   *
   * @param named handed to clients; empty where each client uses the ID server's host
   * @param silent those of them that did not answer the last check
   * @param nodes of the cluster that relay
   * @param draining those of them that take no new sessions
   */
  public record Relays(
      List<String> named, List<String> silent, int nodes, int draining, boolean isForced) {}

  /**
   * What the steps are derived from.
   *
   * @param from who asks; {@link Client#UNKNOWN} where that is not given
   * @param isSameHost whether both have one address as the server sees it
   */
  public record Facts(
      String id, Known known, Client target, Client from, boolean isSameHost, Relays relays) {}

  /**
   * A step.
   *
   * @param name in one word
   * @param found what was found
   * @param mend what to do; empty where nothing is to be done
   */
  public record Step(String name, Outcome outcome, String found, String mend) {}

  private Diagnosis(Facts facts) {
    this.facts = facts;
  }

  /** The steps in their order; behind one that ends the request there are none. */
  public static List<Step> of(Facts facts) {
    Diagnosis diagnosis = new Diagnosis(facts);
    if (diagnosis.isReached()) {
      diagnosis.key();
      diagnosis.lists();
      diagnosis.way();
      diagnosis.relay();
    }
    return List.copyOf(diagnosis.steps);
  }

  private boolean isReached() {
    return switch (facts.known) {
      case IMPOSSIBLE ->
          fault(
              "id",
              "no device can have this id: one has 6 to 100 printable characters",
              "look at the number in the window of the device's client");
      case NOBODY -> {
        boolean isTaken = facts.target.wasRefused("registration uuid_mismatch");
        yield fault(
            "stored",
            "nobody has this id here; a requester is told: ID does not exist",
            isTaken
                ? "a device tried to register it and has another key or uuid than was stored then;"
                    + " its client has drawn another id since"
                : "enter this server as ID server, and its key, in the device's client;"
                    + " 'rallypoint peers' lists the ids that there are");
      }
      case OFFLINE -> {
        boolean isOther = facts.target.wasRefused("registration uuid_mismatch");
        yield fault(
            "online",
            "the id is stored, and its device was not heard lately; a requester is told: offline",
            isOther
                ? "a device with another key or uuid tries to register this id, maybe the same one"
                    + " after a new installation: 'rallypoint peers "
                    + facts.id
                    + " release' frees the id for it"
                : "start the client on the device; if it says 'not ready', its way to the ID"
                    + " server's UDP port is blocked: 'rallypoint doctor' there finds where");
      }
      case UNCLEAR ->
          fault(
              "online",
              "neither the database nor all nodes answer, so nobody can tell where the device is",
              "'rallypoint nodes' names the node that does not answer; look at the database");
      case ONLINE -> ok("online", "the device is registered, by " + facts.target.way);
    };
  }

  private void key() {
    boolean hadWrongKey =
        facts.from.wasRefused("punch access_key") || facts.from.wasRefused("access_key");
    if (hadWrongKey) {
      warning(
          "key",
          "requests from there were refused for a wrong key lately",
          "paste the key that 'rallypoint keys show' prints into the client that asks");
    } else {
      ok("key", "no request from there was refused for its key lately");
    }
  }

  private void lists() {
    if (facts.from.lists.contains("blocklist") || facts.target.lists.contains("blocklist")) {
      warning(
          "lists",
          "one of the two addresses is in the blocklist: the relay takes no connection of it",
          "'rallypoint limits blocklist remove IP', or connect the two directly");
    } else if (facts.from.lists.contains("blacklist") || facts.target.lists.contains("blacklist")) {
      warning("lists", "one of the two addresses is in the blacklist: it is relayed slowly", "");
    }
    facts.from.refusals.stream()
        .filter(reason -> reason.startsWith("connection_") || reason.endsWith("too_frequent"))
        .findFirst()
        .ifPresent(reason ->
            warning(
                "limits",
                "connections or messages from there were over a limit lately: " + reason,
                "raise the limit for that address, or name it in exempt-networks"));
  }

  private void way() {
    boolean areSymmetric =
        facts.target.nat.equals("symmetric") && facts.from.nat.equals("symmetric");
    if (facts.relays.isForced) {
      ok("way", "over the relay: always-use-relay is on");
    } else if (facts.from.way.equals("websocket") || facts.target.way.equals("websocket")) {
      ok("way", "over the relay: a client that came by WebSocket has no direct connection");
    } else if (facts.isSameHost) {
      ok("way", "directly: both are behind one address and exchange their local addresses");
    } else if (areSymmetric) {
      ok("way", "over the relay: both are behind symmetric NATs, which no hole can be punched in");
    } else {
      ok("way", "directly if their NATs allow it, by hole punching; else over the relay");
    }
  }

  private void relay() {
    Relays relays = facts.relays;
    if (!relays.named.isEmpty()) {
      boolean areAllSilent = relays.silent.containsAll(relays.named);
      if (areAllSilent) {
        warning(
            "relay",
            "no relay of relay-servers answers: " + String.join(", ", relays.named),
            "look whether its port is open from here, and whether the name is right");
      } else {
        ok("relay", "clients are sent to " + String.join(" or ", relays.named));
      }
    } else if (relays.nodes == 0) {
      warning(
          "relay",
          "no node relays, and relay-servers names none",
          "give a node the role relay, or write relay-servers");
    } else if (relays.draining == relays.nodes) {
      warning(
          "relay",
          "each node that relays is draining: new sessions are not taken",
          "'rallypoint undrain' on one of them");
    } else {
      ok(
          "relay",
          "clients use the ID server's host with the relay's port, or the nodes' own names");
    }
  }

  private boolean ok(String name, String found) {
    steps.add(new Step(name, Outcome.OK, found, ""));
    return true;
  }

  private void warning(String name, String found, String mend) {
    steps.add(new Step(name, Outcome.WARNING, found, mend));
  }

  private boolean fault(String name, String found, String mend) {
    steps.add(new Step(name, Outcome.FAULT, found, mend));
    return false;
  }
}
