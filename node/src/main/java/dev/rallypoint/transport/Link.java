package dev.rallypoint.transport;

import dev.rallypoint.protocol.frame.FrameException;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/** The words between a connection's {@link FrameFlow} and what serves the connection. */
public final class Link {
  private Link() {}

  /** What happens on a connection. */
  public sealed interface Event {}

  /**
   * The connection is open. Always the first event.
   *
   * @param self takes commands, and any other message as {@link MessageReceived}
   */
  public record Opened(ActorRef<Object> self) implements Event {}

  /** A whole frame; the next one comes after {@link Ready}. */
  public record FrameReceived(byte[] payload) implements Event {}

  /** A line for the text console; nothing follows it. */
  public record CommandReceived(ConsoleCommand command) implements Event {}

  /** A message from an actor. */
  public record MessageReceived(Object message) implements Event {}

  /** The time of the last {@link SetDeadline} is up. */
  public record DeadlinePassed() implements Event {}

  /** The stream breaks the framing rules; the connection is closing. */
  public record FrameBroken(FrameException why) implements Event {}

  /** All connections together hold too much of frames that are not whole; this one is closing. */
  public record MemoryShort() implements Event {}

  /** The other side sends no more; answers can still be written. */
  public record InputEnded() implements Event {}

  /** The other side takes its answers too slowly; the connection is closing. */
  public record OutputOverrun() implements Event {}

  /** The connection is gone. Always the last event. */
  public record LinkClosed() implements Event {}

  /** What may be asked of a connection. */
  public sealed interface Command {}

  /** Ready for the next frame. */
  public record Ready() implements Command {}

  /** Sends a payload as one frame. */
  public record SendFrame(byte[] payload) implements Command {}

  /** Sends text as it is. */
  public record SendText(String text) implements Command {}

  /** Runs a task among the connection's events: the way back from an asynchronous answer. */
  public record Perform(Runnable task) implements Command {}

  /** Sets the cap for the frames that come from now on, in bytes. */
  public record SetMaxFrame(int bytes) implements Command {}

  /** Sets the one deadline of the connection anew. */
  public record SetDeadline(Duration within) implements Command {}

  /** Closes once all that was sent is written. */
  public record Finish() implements Command {}
}
