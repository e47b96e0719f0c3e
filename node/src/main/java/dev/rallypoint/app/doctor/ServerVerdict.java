package dev.rallypoint.app.doctor;

import static dev.rallypoint.app.doctor.Outcome.FAULT;
import static dev.rallypoint.app.doctor.Outcome.NOTE;
import static dev.rallypoint.app.doctor.Outcome.OK;
import static dev.rallypoint.app.doctor.Outcome.WARNING;

/** What can be found on the server. The page docs/doctor.md has the same words. */
public enum ServerVerdict implements Verdict {
  SETTINGS_GOOD(OK, ""),
  SETTINGS_DOUBTFUL(WARNING, "see docs/configuration.md for the setting that the line names"),
  SETTINGS_WRONG(FAULT, "do what the line says: 'serve' would end with it"),

  NAMES_RESOLVE(OK, ""),
  NAME_UNKNOWN(FAULT, "correct the setting, or make a record for the name in DNS"),

  DESCRIPTORS_ENOUGH(OK, ""),
  DESCRIPTORS_FEW(
      WARNING,
      "raise it to 65536 or more: LimitNOFILE in systemd, ulimits in Docker, ulimit -n in a shell"),

  UDP_BUFFER_GRANTED(OK, ""),
  UDP_BUFFER_SMALL(
      WARNING, "sysctl -w net.core.rmem_max=8388608, and the same line in /etc/sysctl.d"),

  TEMPORARY_FOLDER_GOOD(OK, ""),
  TEMPORARY_FOLDER_UNUSABLE(
      NOTE, "nothing, as long as the data folder can be used instead, as it can now"),
  NO_FOLDER_TO_RUN_FROM(
      FAULT,
      "let the temporary or the data folder be written, without noexec, or name another with"
          + " JAVA_OPTS=-Dorg.sqlite.tmpdir=FOLDER"),

  DISK_FREE(OK, ""),
  DISK_LOW(WARNING, "make room: the database grows with each new id"),
  DISK_FULL(FAULT, "make room now: new ids and changed keys are refused without"),

  DATABASE_GOOD(OK, ""),
  DATABASE_NOT_MADE(NOTE, "nothing: the first 'serve' makes it"),
  DATABASE_SLOW(WARNING, "look at the disk and the network to the database: clients wait for it"),
  DATABASE_UNUSABLE(FAULT, "do what the line says: 'serve' would end with it"),

  DATABASE_CLOCK_RIGHT(OK, ""),
  DATABASE_CLOCK_OFF(WARNING, "set the clocks of this machine and of the database's by NTP"),

  PORTS_FREE(NOTE, "nothing, when no node is to run now"),
  PORTS_SERVED(OK, ""),
  PORT_TAKEN(FAULT, "stop the other program ('ss -tulpn' names it), or give the node another port"),
  PORT_FORBIDDEN(
      FAULT,
      "AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit lets it be bound; else write a port"
          + " above 1023"),
  PORT_DEAF(FAULT, "look at the node's log: it has the port and does not answer there"),

  MEMBERS_NONE(OK, ""),
  MEMBERS_REACHED(OK, ""),
  MEMBER_SILENT(NOTE, "nothing, when that node was ended; its row is deleted by the others"),
  MEMBER_UNREACHED(
      FAULT,
      "open cluster-port and backhaul-port (25520 and 25521) between the nodes, or correct that"
          + " node's cluster-host"),

  NODE_CERTIFICATE_GOOD(OK, ""),
  NODE_CERTIFICATE_ENDS_SOON(WARNING, "renew it now, and see why that was not done by itself"),
  NODE_CERTIFICATE_BAD(FAULT, "renew it, or correct tls-certificate and tls-key");

  private final Outcome outcome;
  private final String mend;

  ServerVerdict(Outcome outcome, String mend) {
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
