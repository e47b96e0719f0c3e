package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.DeadlineQueue.Deadline;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A relayed session as a user holds it: both ends, or one whose other end is a peer that echoes.
 * What is sent comes back to this object either way. Used on the event loop of its user only.
 */
public final class RelaySession {
  private final VirtualUser user;
  private final Opening opening;
  private final Deadline deadline;
  private @Nullable RelayLeg sender;
  private @Nullable RelayLeg receiver;
  private @Nullable Traffic traffic;
  private boolean isPaired;
  private boolean isEnded;

  /** Told once how the opening ended. */
  public interface Opening {
    /** The first bytes of the target's end have come through. */
    void paired(RelaySession session);

    /** The session did not come about. */
    void failed(Failure failure);
  }

  /** What uses the session; one at a time. */
  interface Traffic {
    void message(byte[] payload);

    void bytes(int count);

    void writable();

    void failed(Failure failure);
  }

  private RelaySession(VirtualUser user, Duration timeout, Opening opening) {
    this.user = user;
    this.opening = opening;
    this.deadline =
        user.runtime().timer(user.loop()).after(timeout, () -> end(Failure.of(Reason.NO_ANSWER)));
  }

  /** Opens both ends of a session with a random name at one relay. */
  public static void openBoth(
      VirtualUser user, ServerAddress relay, Way way, Duration timeout, Opening opening) {
    RelaySession session = new RelaySession(user, timeout, opening);
    String uuid = UUID.randomUUID().toString();
    String key = user.runtime().settings().key();
    RelayLeg.open(
        user,
        relay.relay(way),
        way,
        session.new End() {
          @Override
          public void opened(RelayLeg leg) {
            session.sender = leg;
            leg.send(RelayMessages.ofTarget(uuid, key));
            leg.send(RelayMessages.HELLO);
          }
        });
    RelayLeg.open(
        user,
        relay.relay(way),
        way,
        session.new End() {
          @Override
          public void opened(RelayLeg leg) {
            session.receiver = leg;
            leg.send(RelayMessages.ofRequester("both-ends", uuid, key));
          }
        });
  }

  /** Joins the session of a ticket as the requester. */
  public static void join(
      VirtualUser user, RelayTicket ticket, Way way, Duration timeout, Opening opening) {
    RelaySession session = new RelaySession(user, timeout, opening);
    String key = user.runtime().settings().key();
    RelayLeg.open(
        user,
        ticket.relay(way),
        way,
        session.new End() {
          @Override
          public void opened(RelayLeg leg) {
            session.sender = leg;
            session.receiver = leg;
            leg.send(RelayMessages.ofRequester(ticket.target(), ticket.uuid(), key));
          }
        });
  }

  private abstract class End implements RelayLeg.Listener {
    @Override
    public void message(byte[] payload) {
      if (!isPaired) {
        isPaired = true;
        deadline.cancel();
        opening.paired(RelaySession.this);
      } else if (traffic != null) {
        traffic.message(payload);
      }
    }

    @Override
    public void bytes(RelayLeg leg, ByteBuf bytes) {
      int count = bytes.readableBytes();
      bytes.release();
      if (traffic != null) {
        traffic.bytes(count);
      }
    }

    @Override
    public void writable(RelayLeg leg) {
      if (traffic != null && leg == sender) {
        traffic.writable();
      }
    }

    @Override
    public void ended(Failure failure) {
      end(failure);
    }
  }

  private void end(Failure failure) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    deadline.cancel();
    close();
    Traffic using = traffic;
    traffic = null;
    if (!isPaired) {
      opening.failed(failure);
    } else if (using != null) {
      using.failed(failure);
    }
  }

  VirtualUser user() {
    return user;
  }

  /** The end that sends. */
  RelayLeg sender() {
    return leg(sender);
  }

  /** The end at which it arrives. */
  RelayLeg receiver() {
    return leg(receiver);
  }

  private static RelayLeg leg(@Nullable RelayLeg leg) {
    if (leg == null) {
      throw new IllegalStateException("the session is not paired");
    }
    return leg;
  }

  /** Whether both ends are connected. */
  public boolean isOpen() {
    return isPaired
        && !isEnded
        && sender != null
        && sender.isOpen()
        && receiver != null
        && receiver.isOpen();
  }

  void use(@Nullable Traffic using) {
    traffic = using;
  }

  /** Closes the ends of this user. */
  public void close() {
    isEnded = true;
    deadline.cancel();
    if (sender != null) {
      sender.close();
    }
    if (receiver != null) {
      receiver.close();
    }
  }
}
