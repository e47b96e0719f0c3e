package dev.rallypoint.access;

import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.access.Controller;
import dev.rallypoint.policy.access.Verdict;
import java.util.Optional;

/**
 * Who asks for devices.
 *
 * @param refusal why whatever device is asked for; empty where that depends on it
 * @param isDecided false where the device need not be looked at, because everything is allowed
 */
public record Asker(
    Shown shown,
    Controller controller,
    AccessRules rules,
    Optional<Verdict> refusal,
    boolean isDecided) {

  static Asker undecided(Shown shown) {
    return new Asker(shown, Controller.Stranger.PLAIN, AccessRules.NONE, Optional.empty(), false);
  }

  static Asker refused(Shown shown, Verdict why) {
    return new Asker(shown, Controller.Stranger.PLAIN, AccessRules.NONE, Optional.of(why), true);
  }
}
