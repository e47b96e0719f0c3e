package dev.rallypoint.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a text console's command from frames by the first bytes of a connection, however TCP cut
 * them. Pure: bytes in, outcome out. Not safe for several threads.
 */
public final class FirstBytes {
  /** How long a command without an end of line may pause before it is taken as whole. */
  public static final Duration PAUSE = Duration.ofSeconds(1);

  private final Set<String> commands;

  /** What has come while it may be a command; null once that is decided. */
  private @Nullable ByteArrayOutputStream text;

  /** What the bytes so far are. */
  public sealed interface Outcome {
    /** The beginning of a command, maybe. */
    record Unfinished() implements Outcome {}

    /** A command. What follows it is not looked at. */
    record Command(ConsoleCommand command) implements Outcome {}

    /**
     * Bytes of frames; all that follow are too.
     *
     * @param bytes those that no earlier outcome gave
     */
    record Frames(ByteBuffer bytes) implements Outcome {}
  }

  /**
   * @param commands the commands taken from this peer; empty for a peer without a console
   */
  public FirstBytes(Set<String> commands) {
    this.commands = commands;
    this.text = commands.isEmpty() ? null : new ByteArrayOutputStream(0);
  }

  /** Takes all remaining bytes of a piece. */
  public Outcome feed(ByteBuffer piece) {
    if (text == null) {
      return new Outcome.Frames(piece);
    }
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    text.writeBytes(bytes);
    byte[] soFar = text.toByteArray();
    return ConsoleCommand.couldBe(soFar, commands) && !ConsoleCommand.isWhole(soFar)
        ? new Outcome.Unfinished()
        : decide(soFar);
  }

  /** What the bytes so far are when none follow: the peer ended its stream, or made a pause. */
  public Outcome onPause() {
    return text == null ? new Outcome.Frames(ByteBuffer.allocate(0)) : decide(text.toByteArray());
  }

  /** Whether it is known that the bytes are frames, or are none. */
  public boolean isDecided() {
    return text == null;
  }

  /** The bytes held that may be the beginning of a command. */
  public int heldBytes() {
    return text == null ? 0 : text.size();
  }

  private Outcome decide(byte[] soFar) {
    text = null;
    Optional<ConsoleCommand> command = ConsoleCommand.parse(soFar, commands);
    return command.isPresent()
        ? new Outcome.Command(command.get())
        : new Outcome.Frames(ByteBuffer.wrap(soFar));
  }
}
