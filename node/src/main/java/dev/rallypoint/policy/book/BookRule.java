package dev.rallypoint.policy.book;

import java.util.Optional;

/** What somebody may do with an address book. Where several rules fit, the strongest counts. */
public enum BookRule {
  /** See its entries, with their passwords. */
  READ,
  /** Change entries and tags. */
  WRITE,
  /** Share, rename and delete it too. */
  FULL;

  /** Its number: 1, 2 or 3. */
  public int number() {
    return ordinal() + 1;
  }

  /** The rule of a number; empty for others. */
  public static Optional<BookRule> of(long number) {
    return number >= 1 && number <= values().length
        ? Optional.of(values()[(int) number - 1])
        : Optional.empty();
  }

  /** Whether it allows what another allows. */
  public boolean allows(BookRule needed) {
    return compareTo(needed) >= 0;
  }
}
