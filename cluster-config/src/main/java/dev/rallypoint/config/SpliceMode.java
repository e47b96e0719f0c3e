package dev.rallypoint.config;

/** Whether relayed bytes go from socket to socket inside the kernel, by Linux's splice(2). */
public enum SpliceMode {
  /** Always; a node that cannot does not start. */
  ON,
  /** Never: they are copied. */
  OFF,
  /** Where it works. */
  AUTO
}
