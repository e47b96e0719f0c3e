package dev.rallypoint.config;

import java.util.Optional;

/** What a name that an operator wrote is. */
sealed interface NameVerdict {

  /** How a setting is spelled in one place; where it is spelled twice, the last of these wins. */
  enum Spelling {
    /** As hbbs's images name it. */
    OF_IMAGE,
    BARE,
    PREFIXED
  }

  /** A setting of ours. */
  record Setting(String name, Spelling spelling) implements NameVerdict {}

  /**
   * A name that hbbs, hbbr or their images know and that means nothing here.
   *
   * @param instead what to do instead
   */
  record Foreign(String instead) implements NameVerdict {}

  /**
   * Nobody's name.
   *
   * @param nearest what was probably meant, as it is spelled in that source
   */
  record Unknown(Optional<String> nearest) implements NameVerdict {}

  /** Another program's name, in a place that is shared. */
  record NotOurs() implements NameVerdict {}
}
