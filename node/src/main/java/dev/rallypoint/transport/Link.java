package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The protocol between a connection's {@link FrameFlow} and its handler, which serves it: the flow
 * reports {@link Event}s, and takes {@link Message}s by the connection's actor reference.
 */
public final class Link {
  private Link() {}

  /** Gives each connection its handler. */
  @FunctionalInterface
  public interface Service {
    /** Begins to serve a connection. */
    Consumer<Event> serve(ActorRef<Message> connection);
  }

  /** What happens on a connection. */
  public sealed interface Event {}

  /** The client breaks a limit, which is counted by the reason: the connection closes. */
  public record Failure(DropReason reason) implements Event {}

  /** One whole frame. The next one is reported after {@link Ready}. */
  public record FrameReceived(byte[] payload) implements Event {}

  /** A line for the text console. No frame follows it. */
  public record CommandReceived(ConsoleCommand command) implements Event {}

  /** A message that an actor sent to the handler. */
  public record MessageReceived(HandlerMessage message) implements Event {}

  /** The time of the last {@link SetDeadline} has passed. */
  public record DeadlinePassed() implements Event {}

  /** The client has closed its sending side; answers can still be written. */
  public record InputEnded() implements Event {}

  /** The connection is closed. Always the last event. */
  public record LinkClosed() implements Event {}

  /** A message to a connection. */
  public sealed interface Message {}

  /** A message that an actor sends to the handler, which gets it as {@link MessageReceived}. */
  public non-sealed interface HandlerMessage extends Message {}

  /** A command of the handler to its connection. */
  public sealed interface Command extends Message {}

  /** The handler is ready for the next frame. */
  public record Ready() implements Command {}

  /** Sends a payload as one frame. */
  public record SendFrame(byte[] payload) implements Command {}

  /** Sends text without a frame around it. */
  public record SendText(String text) implements Command {}

  /** Runs a task on the connection's thread: how the result of an asynchronous call gets there. */
  public record Run(Runnable task) implements Command {}

  /** Sets the longest frame taken from now on, in bytes. */
  public record SetMaxFrame(int bytes) implements Command {}

  /** Sets the connection's deadline, from now; it replaces the deadline before. */
  public record SetDeadline(Duration within) implements Command {}

  /** Closes the connection once everything sent before is written. */
  public record Finish() implements Command {}
}
