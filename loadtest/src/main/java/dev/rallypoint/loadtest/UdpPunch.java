package dev.rallypoint.loadtest;

/** How a requester uses UDP hole punching (clients since 1.4.1, off by default there). */
public enum UdpPunch {
  /** TCP only. */
  OFF,
  /** One attempt, with a UDP port: what 1.4.1 does. */
  ALONE,
  /** Two whole attempts at once, with and without a UDP port; the first success wins (1.4.2). */
  BESIDE_TCP
}
