package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Link;
import dev.rallypoint.loadtest.gatling.link.LinkListener;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A connection for one message, or for one question and its answer. */
final class ShortLink {
  private final VirtualUser user;
  private final LinkSpec spec;

  ShortLink(VirtualUser user, LinkSpec spec) {
    this.user = user;
    this.spec = spec;
  }

  /** Sends one message and closes the connection, as a peer does that answers a push. */
  void tell(RendezvousMessage message, Outcome outcome) {
    user.connector()
        .open(
            user.loop(),
            spec,
            new LinkListener() {
              @Override
              public void opened(Link link) {
                link.send(message)
                    .addListener(sent -> {
                      link.close();
                      if (sent.isSuccess()) {
                        outcome.ok();
                      } else {
                        outcome.ko(Failure.of(Reason.SOCKET_ERROR));
                      }
                    });
              }

              @Override
              public void openFailed(Failure failure) {
                outcome.ko(failure);
              }
            });
  }

  /**
   * Asks a question and closes the connection after the answer.
   *
   * @param waits how long to wait; after each but the last the question is sent again
   */
  void ask(
      RendezvousMessage question,
      Set<UnionCase> wanted,
      List<Duration> waits,
      AnswerListener listener) {
    user.connector()
        .open(
            user.loop(),
            spec,
            new LinkListener() {
              @Override
              public void opened(Link link) {
                new Attempts(link, question, wanted, waits, listener).begin();
              }

              @Override
              public void openFailed(Failure failure) {
                listener.failed(failure);
              }
            });
  }

  private final class Attempts implements AnswerListener {
    private final Link link;
    private final RendezvousMessage question;
    private final Set<UnionCase> wanted;
    private final List<Duration> waits;
    private final AnswerListener listener;
    private final PeerAddress own;
    private int sent;

    Attempts(
        Link link,
        RendezvousMessage question,
        Set<UnionCase> wanted,
        List<Duration> waits,
        AnswerListener listener) {
      this.link = link;
      this.question = question;
      this.wanted = wanted;
      this.waits = waits;
      this.listener = listener;
      this.own = PeerAddress.of(link.local());
    }

    /** Notes when the question left, for the peer to which the server passes it on. */
    void begin() {
      user.runtime().questions().sent(own);
      next();
    }

    private void next() {
      link.ask(question, wanted, waits.get(sent++), this);
    }

    @Override
    public void answered(RendezvousMessage answer) {
      end();
      listener.answered(answer);
    }

    @Override
    public void failed(Failure failure) {
      if (failure.reason() == Reason.NO_ANSWER && sent < waits.size()) {
        next();
      } else {
        end();
        listener.failed(failure);
      }
    }

    private void end() {
      user.runtime().questions().ended(own);
      link.close();
    }
  }
}
