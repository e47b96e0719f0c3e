package dev.rallypoint.app.doctor;

import static dev.rallypoint.app.doctor.Outcome.FAULT;
import static dev.rallypoint.app.doctor.Outcome.NOTE;
import static dev.rallypoint.app.doctor.Outcome.OK;
import static dev.rallypoint.app.doctor.Outcome.WARNING;

/** What can be found from a client's place. The page docs/doctor.md has the same words. */
public enum ClientVerdict implements Verdict {
  NAME_FOUND(OK, ""),
  NAME_NOT_FOUND(FAULT, "write the server's name as it is in DNS, or make a record for it there"),
  NAME_HAS_DEAD_ADDRESS(
      WARNING,
      "take the address out of DNS, or start the server there: a client that gets it waits 18 s"),

  PORT_ANSWERS(OK, ""),
  PORT_REFUSED(
      FAULT, "start the server, or publish the port: the machine answers, nothing listens there"),
  PORT_DROPPED(
      FAULT, "open the port for TCP in each firewall on the way, and forward it in the router"),
  PORT_CLOSED(
      FAULT, "look for a limit, a block list, or proxy-protocol in the settings of the server"),
  PORT_SILENT(FAULT, "look at the server's log, and run 'rallypoint doctor' there"),
  PORT_FOREIGN(FAULT, "stop the other program, or give the server another port"),
  PORT_NOT_OPEN(NOTE, "open it when clients need it: the page names which do"),

  UDP_ANSWERS(OK, ""),
  UDP_BLOCKED(
      FAULT,
      "open the ID server's port for UDP, not for TCP only, in firewall, router and container; where"
          + " a client's network drops UDP, set disable-udp = Y in the client"),
  UDP_REFUSED(FAULT, "start the ID server, or publish its port for UDP too (21116:21116/udp)"),

  LINK_ENCRYPTED(OK, ""),
  LINK_OFFERED(NOTE, "run it again with the KEY of the server, to try the link"),
  LINK_NOT_OFFERED(
      WARNING,
      "hbbs has none: clients that are logged in, or have disable-udp, need a server that has"),
  LINK_BROKEN(FAULT, "look for something on the way that changes bytes on the ID server's port"),

  KEY_RIGHT(OK, ""),
  KEY_NOT_GIVEN(NOTE, "run it again with the KEY that clients have"),
  KEY_WRONG(
      FAULT,
      "paste the server's own key into the client; 'rallypoint keys show' on the server prints it"),
  KEY_NOT_BASE64(
      FAULT,
      "paste the whole key, 44 characters that end in =; a text that is no key lets clients in, and"
          + " they cannot verify anybody"),
  TWO_KEYS(
      FAULT,
      "give all servers behind this name one key pair (one database, or the same id_ed25519), or"
          + " take the other one out of DNS or the balancer"),
  ACCESS_REFUSED(FAULT, "the server's setting key is another text: give clients that one"),
  KEY_UNPROVEN(NOTE, "mend the other rows first: the server has signed nothing"),
  KEY_REFUSED_TOO(FAULT, "see the row key"),

  REGISTERED(OK, ""),
  REGISTERED_BY_TCP(WARNING, "mend udp; until then set disable-udp = Y in the clients"),
  REGISTRATION_SILENT(FAULT, "mend udp first; where that is well, look at the server's log"),
  REGISTRATION_LIMITED(
      WARNING, "wait some minutes; for an office behind one address raise new-ids-per-address"),
  REGISTRATION_FAILED(
      FAULT,
      "run 'rallypoint doctor' on the server: its database does not answer, or its disk is full"),
  REGISTRATION_REFUSED(FAULT, "ask the operator: the server takes no new ids"),

  PUNCHED(OK, ""),
  PUNCH_UNTOLD(
      FAULT,
      "the server's message to the device does not come back by UDP: let UDP reach the server"
          + " without a change of its source address"),
  PUNCH_UNANSWERED(
      FAULT,
      "let all servers behind this name be one cluster: the device's answer went to another"),
  PUNCH_UNKNOWN(
      FAULT, "let all servers behind this name be one cluster: one does not know what another has"),
  PUNCH_WANTS_KEY(NOTE, "run it again with the KEY that clients have"),
  PUNCH_KEY_REFUSED(FAULT, "mend key: the server does not serve clients with this one"),
  PUNCH_REFUSED(FAULT, "ask the operator: the server's own words say why"),
  PUNCH_NOT_TRIED(NOTE, "mend registration first"),

  RELAY_ANSWERS(OK, ""),
  RELAY_NAME_UNKNOWN(
      FAULT, "correct relay-servers (or -r of hbbs): no client can resolve the name written there"),
  RELAY_NAME_PRIVATE(
      FAULT,
      "correct relay-servers (or -r of hbbs): it names an address that only the server's own network"
          + " has"),
  RELAY_REFUSED(
      FAULT,
      "start the relay, or correct the port in relay-servers: the machine answers, nothing listens"
          + " there"),
  RELAY_DROPPED(
      FAULT, "open the relay's port for TCP in firewall and router: 21117, the one after 21116"),
  RELAYED(OK, ""),
  RELAY_KEY_REFUSED(
      FAULT,
      "mend key; where that is right, give the relay the ID server's key: it closes sessions with"
          + " this one"),
  RELAY_WANTS_KEY(NOTE, "run it again with the KEY that clients have"),
  RELAY_STALLED(FAULT, "look at the relay's log: both sides connect, and no byte comes through"),
  RELAY_SLOW(WARNING, "look at the relay's line, and at single-bandwidth and total-bandwidth"),
  RELAY_NOT_TRIED(NOTE, "mend punch and relay first"),

  NO_NAT(OK, ""),
  NAT_ASYMMETRIC(OK, ""),
  NAT_SYMMETRIC(
      WARNING,
      "nothing on the server: from here sessions go over the relay; another router, or IPv6 at both"
          + " ends, lets them connect directly"),
  NAT_UNKNOWN(NOTE, "mend id-server and nat-test-port first"),

  ADDRESS_OWN(OK, ""),
  ADDRESS_OF_NAT(OK, ""),
  ADDRESS_OF_INNER_NAT(
      WARNING,
      "a router or a container's bridge stands between two private networks: in Docker use"
          + " network_mode: host, else route without NAT"),
  ADDRESS_HIDDEN(
      FAULT,
      "let the server see its clients: network_mode: host in Docker, externalTrafficPolicy: Local in"
          + " Kubernetes, no SNAT, or trusted-proxies with proxy-protocol"),
  ADDRESS_HIDDEN_BY_PROXY(
      FAULT,
      "write the proxy's address into trusted-proxies, and let the proxy set X-Forwarded-For"),
  ADDRESS_UNKNOWN(NOTE, "mend punch first"),

  SINGLE_NAT(OK, ""),
  DOUBLE_NAT(
      WARNING, "set the first router to bridge mode, or make it an access point of the second"),
  CARRIER_NAT(WARNING, "ask the provider for an address of your own, or for IPv6"),
  ROUTE_UNKNOWN(NOTE, "install traceroute, when direct connections fail"),

  WEBSOCKET_ANSWERS(OK, ""),
  WEBSOCKET_PATH_WRONG(
      WARNING,
      "let the proxy hand /ws/id to port 21118 and /ws/relay to port 21119, as in"
          + " docker/proxies/nginx.conf"),
  WEBSOCKET_NOT_UPGRADED(
      WARNING, "let the proxy speak HTTP/1.1 to the server, with the headers Upgrade, Connection"),
  WEBSOCKET_BACKEND_DOWN(
      WARNING, "correct the address in the proxy's configuration, or start the server behind it"),

  CERTIFICATE_GOOD(OK, ""),
  CERTIFICATE_ENDS_SOON(WARNING, "renew it now, and see why that was not done by itself"),
  CERTIFICATE_EXPIRED(FAULT, "renew the certificate, and let the proxy or the node load it"),
  CERTIFICATE_NOT_YET_GOOD(FAULT, "set the clock of this machine, or take the right certificate"),
  CERTIFICATE_OTHER_NAME(FAULT, "get a certificate for the name that clients have"),
  CERTIFICATE_UNTRUSTED(
      FAULT,
      "serve the whole chain (fullchain.pem) of an authority that clients know; a certificate of"
          + " your own needs allow-insecure-tls-fallback = Y in each client"),
  TLS_FAILED(WARNING, "let TLS 1.2 or 1.3 be spoken there, when clients are to use wss"),

  API_ANSWERS(OK, ""),
  API_MISSING(
      NOTE, "open it: without an answer there each client asks the ID server's port every 15 s"),

  CLOCK_RIGHT(OK, ""),
  CLOCK_OFF(WARNING, "set both clocks by NTP: certificates and two-factor codes fail by the wrong"),
  CLOCK_UNKNOWN(NOTE, "none of the server's answers has a time in it");

  private final Outcome outcome;
  private final String mend;

  ClientVerdict(Outcome outcome, String mend) {
    this.outcome = outcome;
    this.mend = mend;
  }

  @Override
  public Outcome outcome() {
    return outcome;
  }

  @Override
  public String mend() {
    return mend;
  }
}
