package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.transport.ConsoleCommand;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * What a connection begins with: one frame, however TCP cut it, or, on loopback, a console command.
 * Pure: bytes in, outcome out.
 */
public final class FirstBytes {
  /** The longest first frame taken, in bytes; a RequestRelay has a few hundred. */
  public static final int MAX_FRAME = 64 * 1024;

  private final Set<String> consoleWords;
  private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME);
  private final ByteArrayOutputStream text = new ByteArrayOutputStream(0);
  private boolean mayBeCommand;

  /** What the bytes so far are. */
  sealed interface Outcome {
    /** Not enough to tell. */
    record Unfinished() implements Outcome {}

    /** A whole frame, and the bytes behind it. */
    record Frame(byte[] payload, byte[] rest) implements Outcome {}

    /** A console command. */
    record Command(ConsoleCommand command) implements Outcome {}

    /** Nothing that is taken here. */
    record Broken(DropReason reason) implements Outcome {}
  }

  /**
   * @param consoleWords the commands taken from this peer; empty for a peer without a console
   */
  FirstBytes(Set<String> consoleWords) {
    this.consoleWords = consoleWords;
    this.mayBeCommand = !consoleWords.isEmpty();
  }

  /** Takes all remaining bytes of a piece. */
  Outcome feed(ByteBuffer piece) {
    if (!mayBeCommand) {
      return decode(piece);
    }
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    text.writeBytes(bytes);
    byte[] soFar = text.toByteArray();
    if (!ConsoleCommand.couldBe(soFar, consoleWords)) {
      mayBeCommand = false;
      text.reset();
      return decode(ByteBuffer.wrap(soFar));
    }
    return ConsoleCommand.isWhole(soFar) ? command(soFar) : new Outcome.Unfinished();
  }

  /** What the bytes so far are when none follow: the peer ended its stream, or paused a second. */
  Outcome onPause() {
    return isCommandBegun() ? command(text.toByteArray()) : new Outcome.Unfinished();
  }

  /** Whether bytes have come that a pause would make a command. */
  boolean isCommandBegun() {
    return mayBeCommand && text.size() > 0;
  }

  /** The bytes of memory held for what is not whole yet. */
  int heldBytes() {
    return text.size() + decoder.heldBytes();
  }

  private Outcome command(byte[] bytes) {
    Optional<ConsoleCommand> command = ConsoleCommand.parse(bytes, consoleWords);
    return command.isPresent()
        ? new Outcome.Command(command.get())
        : new Outcome.Broken(DropReason.FRAME_UNPARSABLE);
  }

  private Outcome decode(ByteBuffer piece) {
    try {
      decoder.feed(piece);
      byte[] payload = decoder.poll();
      return payload == null
          ? new Outcome.Unfinished()
          : new Outcome.Frame(payload, decoder.takeRest());
    } catch (FrameException e) {
      return new Outcome.Broken(DropReason.FRAME_TOO_LONG);
    }
  }
}
