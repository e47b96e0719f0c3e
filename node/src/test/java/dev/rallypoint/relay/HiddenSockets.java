package dev.rallypoint.relay;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.relay.conduit.SpliceProbe;

/** Runs in a process whose Java hides its sockets' descriptors. */
public final class HiddenSockets {
  private HiddenSockets() {}

  public static void main(String[] args) {
    try {
      System.out.println("on: " + SpliceProbe.passes(SpliceMode.ON));
    } catch (SettingException e) {
      System.out.println("on: " + e.getMessage());
    }
    System.out.println("auto: " + SpliceProbe.passes(SpliceMode.AUTO));
  }
}
