package dev.rallypoint.loadtest.gatling.link;

/** Why a request failed. The set is fixed: each text is a row of the report. */
public enum Reason {
  /** Nothing came within the time limit. */
  NO_ANSWER("no answer in time"),
  /** The connection was refused or the host was not reached. */
  CONNECT_FAILED("connect failed"),
  /** The connection was not there within the time limit. */
  CONNECT_TIMEOUT("connect timed out"),
  /** The own address or port could not be had. */
  BIND_FAILED("bind failed"),
  /** Each source address has as many peers as it may have. */
  SOURCES_FULL("source addresses full"),
  /** The server closed the connection. */
  CLOSED("closed by the server"),
  /** ICMP port unreachable: nothing listens on the UDP port. */
  PORT_UNREACHABLE("port unreachable"),
  /** An error of the socket. */
  SOCKET_ERROR("socket error"),
  /** The WebSocket upgrade was refused. */
  UPGRADE_REFUSED("upgrade refused"),
  /** The KeyExchange was not signed by the server's key, or an encrypted frame was not genuine. */
  HANDSHAKE_FAILED("handshake failed"),
  /** Bytes that are no message, or a frame that is too long. */
  MALFORMED("malformed message"),
  /** An answer of another kind than was asked for. */
  UNEXPECTED_ANSWER("unexpected answer"),
  /** The key of the target is not signed by the server, or it is not the key of the target. */
  WRONG_PEER_KEY("wrong peer key"),
  /** ID_NOT_EXIST. */
  UNKNOWN_ID("unknown id"),
  /** OFFLINE. */
  OFFLINE("offline"),
  /** LICENSE_MISMATCH: the access key is not the server's. */
  KEY_MISMATCH("key mismatch"),
  /** Another failure of a punch, or a refused relay. */
  REFUSED("refused"),
  /** UUID_MISMATCH: the id belongs to another device. */
  UUID_MISMATCH("uuid mismatch"),
  /** TOO_FREQUENT. */
  TOO_FREQUENT("too frequent"),
  /** Another verdict on a key registration. */
  NOT_REGISTERED("registration refused"),
  /** The bitmap of an online query is shorter than the list asked for. */
  SHORT_BITMAP("bitmap too short"),
  /** A check of the scenario did not hold; its name follows. */
  CHECK_FAILED("check failed"),
  /** The step needs something that the user does not have, such as a registration. */
  NOT_OPEN("not open"),
  /** The user ended before the answer. */
  ABANDONED("abandoned"),
  /** The load generator threw an exception, which is in the log. */
  GENERATOR_ERROR("generator error");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /** The text in reports. */
  public String text() {
    return text;
  }
}
