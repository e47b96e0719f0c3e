package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Link;
import dev.rallypoint.loadtest.gatling.link.LinkListener;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A registered device: keeps a link to its server and answers pushes. Used on the event loop of its
 * user only.
 */
public final class Peer {
  private static final int SERIAL = 3;
  private static final long DEAD_AFTER = TimeUnit.SECONDS.toNanos(90);
  private static final Set<UnionCase> KEY_VERDICT = EnumSet.of(UnionCase.REGISTER_PK_RESPONSE);
  private static final Set<UnionCase> BEAT_ANSWER = EnumSet.of(UnionCase.REGISTER_PEER_RESPONSE);

  private final VirtualUser user;
  private final ClientRuntime runtime;
  private final Identity identity;
  private final Way way;
  private final long server;
  private final PushAnswers answers;
  private final RendezvousMessage beat;
  private @Nullable Link link;
  private boolean hasPlace;

  Peer(VirtualUser user, Identity identity, Way way, long server) {
    this.user = user;
    this.runtime = user.runtime();
    this.identity = identity;
    this.way = way;
    this.server = server;
    this.answers = new PushAnswers(user, this);
    this.beat =
        RendezvousMessage.newBuilder()
            .setRegisterPeer(RegisterPeer.newBuilder().setId(identity.id()).setSerial(SERIAL))
            .build();
  }

  /** Its id, uuid and key. */
  public Identity identity() {
    return identity;
  }

  /** The way of its link. */
  public Way way() {
    return way;
  }

  /** The own address of its link; absent without one. */
  PeerAddress local() {
    Link open = link;
    return open == null ? PeerAddress.ABSENT : PeerAddress.of(open.local());
  }

  boolean isOf(Identity other, Way otherWay) {
    return identity.equals(other) && way == otherWay;
  }

  /** Opens the link if there is none and registers the key; the answer is the verdict. */
  public void register(Duration timeout, AnswerListener listener) {
    withLink(timeout, listener::failed, open -> sendKey(open, timeout, listener));
  }

  /** The failure that a verdict on a key is, where it is not the right one. */
  public static Failure failure(RegisterPkResponse.Result verdict) {
    return Failure.of(
        switch (verdict) {
          case OK -> Reason.UNEXPECTED_ANSWER;
          case UUID_MISMATCH -> Reason.UUID_MISMATCH;
          case TOO_FREQUENT -> Reason.TOO_FREQUENT;
          default -> Reason.NOT_REGISTERED;
        });
  }

  /**
   * Over UDP sends a heartbeat, on a new socket if there is none, and the key too when the server
   * asks for it. On a connection the heartbeats are the server's: this only looks whether the link
   * is alive.
   */
  public void beat(Duration timeout, AnswerListener listener) {
    if (way == Way.UDP) {
      withLink(timeout, listener::failed, open -> sendBeat(open, timeout, listener));
      return;
    }
    Link open = link;
    if (open == null || !open.isOpen()) {
      listener.failed(Failure.of(Reason.CLOSED));
    } else if (System.nanoTime() - open.heardAt() > DEAD_AFTER) {
      listener.failed(Failure.of(Reason.NO_ANSWER));
    } else {
      listener.answered(RendezvousMessage.getDefaultInstance());
    }
  }

  /** Gives its socket up, as after a change of network or of the NAT's port. */
  public void changeSocket() {
    Link before = link;
    link = null;
    if (before != null) {
      before.close();
    }
  }

  /** Closes the link. */
  void close() {
    changeSocket();
    if (hasPlace) {
      hasPlace = false;
      runtime.givePlace(user.number());
    }
  }

  private interface LinkUse {
    void on(Link link);
  }

  private void withLink(Duration timeout, Consumer<Failure> onFailure, LinkUse use) {
    Link open = link;
    if (open != null && open.isOpen()) {
      use.on(open);
      return;
    }
    if (!hasPlace && !runtime.takePlace(user.number())) {
      onFailure.accept(Failure.of(Reason.SOURCES_FULL));
      return;
    }
    hasPlace = true;
    LinkSpec spec =
        new LinkSpec(
            way,
            runtime.settings().server(server).idServer(way),
            user.source(),
            way == Way.TCP,
            way != Way.UDP,
            timeout);
    user.connector().open(user.loop(), spec, new Opening(onFailure, use));
  }

  private final class Opening implements LinkListener {
    private final Consumer<Failure> onFailure;
    private final LinkUse use;

    Opening(Consumer<Failure> onFailure, LinkUse use) {
      this.onFailure = onFailure;
      this.use = use;
    }

    @Override
    public void opened(Link opened) {
      link = opened;
      use.on(opened);
    }

    @Override
    public void openFailed(Failure failure) {
      onFailure.accept(failure);
    }

    @Override
    public void pushed(Link from, RendezvousMessage message) {
      switch (message.getUnionCase()) {
        case PUNCH_HOLE, FETCH_LOCAL_ADDR, REQUEST_RELAY -> answers.onPush(message);
        case REGISTER_PEER_RESPONSE, REGISTER_PK_RESPONSE ->
            runtime.figures().count(Counter.LATE_ANSWERS);
        default -> runtime.figures().count(Counter.IGNORED_MESSAGES);
      }
    }
  }

  private void sendBeat(Link open, Duration timeout, AnswerListener listener) {
    open.ask(
        beat,
        BEAT_ANSWER,
        timeout,
        new AnswerListener() {
          @Override
          public void answered(RendezvousMessage answer) {
            if (answer.getRegisterPeerResponse().getRequestPk()) {
              runtime.figures().count(Counter.KEY_REQUESTS);
              sendKey(open, timeout, new KeyAfterBeat(answer, listener));
            } else {
              listener.answered(answer);
            }
          }

          @Override
          public void failed(Failure failure) {
            listener.failed(failure);
          }
        });
  }

  /** A beat that the server answered with a request for the key is right when the key is taken. */
  private record KeyAfterBeat(RendezvousMessage beatAnswer, AnswerListener listener)
      implements AnswerListener {
    @Override
    public void answered(RendezvousMessage answer) {
      RegisterPkResponse.Result verdict = answer.getRegisterPkResponse().getResult();
      if (verdict == RegisterPkResponse.Result.OK) {
        listener.answered(beatAnswer);
      } else {
        listener.failed(failure(verdict));
      }
    }

    @Override
    public void failed(Failure failure) {
      listener.failed(failure);
    }
  }

  private void sendKey(Link open, Duration timeout, AnswerListener listener) {
    RegisterPk.Builder key =
        RegisterPk.newBuilder().setId(identity.id()).setUuid(identity.uuid()).setPk(identity.key());
    open.ask(
        RendezvousMessage.newBuilder().setRegisterPk(key).build(), KEY_VERDICT, timeout, listener);
  }
}
