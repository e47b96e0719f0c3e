package dev.rallypoint.relay;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SpliceMode;

/** Runs in a process whose Java hides its sockets' descriptors. */
final class HiddenSockets {
  private HiddenSockets() {}

  public static void main(String[] args) {
    try {
      System.out.println("on: " + SpliceTrial.passes(SpliceMode.ON));
    } catch (SettingException e) {
      System.out.println("on: " + e.getMessage());
    }
    System.out.println("auto: " + SpliceTrial.passes(SpliceMode.AUTO));
  }
}
