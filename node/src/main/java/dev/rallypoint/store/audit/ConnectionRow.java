package dev.rallypoint.store.audit;

import java.util.Optional;

/**
 * A connection to a device, as the device told of it. Times are milliseconds since 1970.
 *
 * @param ip where the connection came from
 * @param user the logged-in user at the other side, where one is known
 * @param note of the user
 * @param endedBy what told the end: the device, a heartbeat, or nothing any more
 */
public record ConnectionRow(
    String guid,
    Where where,
    String ip,
    Peer peer,
    Optional<Controller> user,
    String note,
    Times times,
    String endedBy) {

  /**
   * Which connection it is.
   *
   * @param connId of the device; used again when its client starts again
   * @param sessionId 64 bits, drawn by the other side; 0 before it has logged in
   */
  public record Where(String deviceId, long connId, long sessionId) {}

  /**
   * The other side, as it told of itself. Without a kind it has not proved itself to the device.
   *
   * @param kind 0 desktop, 1 files, 2 port forward, 3 camera, 4 terminal
   * @param primaryAuth 1 click, 2 one-time password, 3 permanent password, 4 switched sides
   * @param twoFactor 1 a code, 2 a trusted device
   */
  public record Peer(
      String id,
      String name,
      Optional<Integer> kind,
      Optional<Integer> primaryAuth,
      Optional<Integer> twoFactor) {
    /** Nothing is known of it. */
    public static final Peer UNKNOWN =
        new Peer("", "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * The user who controls.
   *
   * @param isProven whether the server saw the user's token at the punch; else the user is the last
   *     one who logged in on the device whose id the other side told
   */
  public record Controller(String guid, String name, boolean isProven) {}

  /**
   * When it was opened, and when it was authorised and ended, where it was.
   *
   * @param heardAt when the device last told of it
   */
  public record Times(
      long createdAt, Optional<Long> authorisedAt, long heardAt, Optional<Long> endedAt) {
    /** Just opened. */
    public static Times openedAt(long now) {
      return new Times(now, Optional.empty(), now, Optional.empty());
    }
  }
}
