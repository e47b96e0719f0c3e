package dev.rallypoint.protocol.identity;

import java.util.Optional;

/**
 * The id under which a peer registers and is dialled: digits drawn by the client, a chosen name, or
 * in some builds a host name. Compared exactly.
 *
 * @param value 1 to {@link #MAX_LENGTH} printable characters
 */
public record PeerId(String value) {
  /** The length of the id column in the reference server's database. */
  public static final int MAX_LENGTH = 100;

  /** Ids shorter than this are never registered by the reference server. */
  public static final int MIN_REGISTRABLE_LENGTH = 6;

  public PeerId {
    if (!isPrintable(value)) {
      throw new IllegalArgumentException("an id has 1 to 100 printable characters");
    }
  }

  /** The id a message carries, or empty when no peer can have it. */
  public static Optional<PeerId> parse(String text) {
    return isPrintable(text) ? Optional.of(new PeerId(text)) : Optional.empty();
  }

  /** Whether a peer may register under this id. */
  public boolean isRegistrable() {
    return value.length() >= MIN_REGISTRABLE_LENGTH;
  }

  private static boolean isPrintable(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && text.chars().noneMatch(Character::isISOControl);
  }

  @Override
  public String toString() {
    return value;
  }
}
