package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.protocol.proto.RendezvousMessage;

/** Told once what became of a question, on the event loop of its link. */
public interface AnswerListener {
  /** The answer has come. */
  void answered(RendezvousMessage answer);

  /** No answer will be taken any more. */
  void failed(Failure failure);
}
