package dev.rallypoint.loadtest.peer.settings;

/** How a requester uses UDP hole punching (clients since 1.4.1; off by default there). */
public enum UdpPunch {
  /** Never: only TCP holes are punched. */
  OFF,
  /** One attempt that offers a UDP port (1.4.1). */
  SINGLE_ATTEMPT,
  /** Two attempts at the same time, one with a UDP port; the first to succeed wins (1.4.2). */
  PARALLEL_WITH_TCP
}
