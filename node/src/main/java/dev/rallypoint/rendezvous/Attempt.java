package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.access.Permit;
import dev.rallypoint.policy.AnswerProof;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One requester's question to one target, from its first push to the answer. Its pushes hold the
 * requester's address mangled with 32 random bits, the same in each of them: who echoes them has
 * heard a push. All calls come from the connection's thread.
 */
final class Attempt {
  /** Wrong answers after which only hosts of the target are listened to. */
  private static final int MAX_WRONG_ELSEWHERE = 256;

  /** Wrong answers after which nobody is: a guess is right once in 2^32. */
  private static final int MAX_WRONG = 65_536;

  private static final int MAX_HOSTS = 4;
  private static final int MAX_TOLD = 4;

  private final PeerId target;
  private final Kind kind;
  private final long since;
  private final boolean hasSecret;
  private final ByteString socketAddr;
  private final Set<PeerAddress> hosts = new LinkedHashSet<>(2);
  private final List<String> toldRelays = new ArrayList<>(1);
  private Location location;
  private boolean byUdp;
  private boolean isLocalAsked;
  private boolean isAnswered;
  private boolean isDropped;
  private boolean isWatched;
  private @Nullable Held held;
  private int wrong;
  private String session = "";
  private Permit permit = Permit.PLAIN;

  /** What a target was asked to do. */
  enum Kind {
    /** PunchHole or FetchLocalAddr: connect directly, or by a relay of its choice. */
    PUNCH,
    /** RequestRelay: connect to the relay that the requester named. */
    RELAY
  }

  /** An answer that waits for a better one. */
  record Held(RendezvousMessage message, TargetAnswered answered) {}

  /**
   * @param secret 32 random bits, for the IPv4 form of the requester's address
   * @param since when it begins, in nanoseconds of a monotonic clock
   */
  Attempt(
      PeerId target, Kind kind, Location location, PeerAddress requester, int secret, long since) {
    this.since = since;
    this.target = target;
    this.kind = kind;
    this.location = location;
    this.hasSecret = requester.isV4();
    this.socketAddr = AddressMangler.encode(requester, secret);
  }

  PeerId target() {
    return target;
  }

  Kind kind() {
    return kind;
  }

  /** When it began, in nanoseconds of a monotonic clock. */
  long since() {
    return since;
  }

  /** {@code socket_addr} of each push. */
  ByteString socketAddr() {
    return socketAddr;
  }

  boolean hasSecret() {
    return hasSecret;
  }

  /** Where the target was when it was asked last. */
  Location location() {
    return location;
  }

  /** The target is asked, for the first time or again. */
  void ask(Location at, boolean mayAnswerByUdp) {
    byUdp = mayAnswerByUdp;
    moved(at);
  }

  /** The target has registered at another place. */
  void moved(Location to) {
    location = to;
    if (hosts.size() < MAX_HOSTS) {
      hosts.add(Objects.requireNonNull(to.address()).network());
    }
  }

  /** The requester named the relay session that it begins, by its uuid. */
  void askForSession(String uuid) {
    session = uuid;
  }

  /** The uuid of the relay session that the requester named, or empty. */
  String session() {
    return session;
  }

  /** The requester may control the target. */
  void let(Permit given) {
    permit = given;
  }

  /** What the target is told of the requester. */
  Permit permit() {
    return permit;
  }

  /** What the target was told: a relay or none, and whether it was asked for its local address. */
  void told(String relay, boolean forLocalAddress) {
    isLocalAsked |= forLocalAddress;
    if (!relay.isEmpty() && !toldRelays.contains(relay) && toldRelays.size() < MAX_TOLD) {
      toldRelays.add(relay);
    }
  }

  /** The relays that the target was told. */
  List<String> toldRelays() {
    return toldRelays;
  }

  /** Whether the target was asked in a way that such an answer fits. */
  boolean expects(RendezvousMessage answer, boolean isDatagram) {
    return (byUdp || !isDatagram) && (isLocalAsked || !answer.hasLocalAddr());
  }

  /** Whether an address is of a host that the target was registered from. */
  boolean isRegisteredFrom(PeerAddress source) {
    return hosts.contains(source.network());
  }

  /** Judges an answer; wrong ones are counted, so that the secret cannot be guessed. */
  AnswerProof judge(RendezvousMessage answer, boolean isFromTarget, boolean isDatagram) {
    if (wrong >= MAX_WRONG || wrong >= MAX_WRONG_ELSEWHERE && !isFromTarget) {
      return AnswerProof.FALSE;
    }
    AnswerProof proof = AnswerProof.of(answer, socketAddr, hasSecret, isFromTarget, isDatagram);
    if (proof == AnswerProof.FALSE) {
      wrong++;
    }
    return proof;
  }

  boolean isAnswered() {
    return isAnswered;
  }

  /** Whether the target's place has changed since it was told; false when it is not online. */
  boolean isElsewhere(Location now) {
    return now.presence() == Presence.ONLINE
        && !(Objects.equals(now.address(), location.address())
            && Objects.equals(now.writer(), location.writer()));
  }

  /** The requester has begun too many others. */
  void drop() {
    isDropped = true;
  }

  /** Whether an answer is still of use. */
  boolean isWaited() {
    return !isAnswered && !isDropped;
  }

  /** True once. */
  boolean beginWatch() {
    boolean isFirst = !isWatched;
    isWatched = true;
    return isFirst;
  }

  /** An answer is passed on; no other one is. */
  void answer() {
    isAnswered = true;
    held = null;
  }

  /** Keeps an answer for a moment; false when one is kept already. */
  boolean hold(Held answer) {
    if (held != null) {
      return false;
    }
    held = answer;
    return true;
  }

  /** The answer that is kept, unless a better one was passed on. */
  @Nullable Held held() {
    return held;
  }
}
