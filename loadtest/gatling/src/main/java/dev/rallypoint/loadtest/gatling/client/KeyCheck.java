package dev.rallypoint.loadtest.gatling.client;

/** How the key of a target in an answer is checked. */
public enum KeyCheck {
  /** Not at all. */
  NONE,
  /** It must be signed by the server for the target's id. */
  SIGNATURE,
  /** It must also be the key that {@link Identity#of(String)} gives the target. */
  SIMULATED_PEER
}
