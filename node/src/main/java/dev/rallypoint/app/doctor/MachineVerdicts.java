package dev.rallypoint.app.doctor;

import java.util.Locale;

/** What the limits of a machine mean for a node. */
public final class MachineVerdicts {
  /** A node warns below this too. */
  private static final long FEWEST_DESCRIPTORS = 16_384;

  private static final long MEGABYTE = 1_000_000;
  private static final long LOW_DISK = 500 * MEGABYTE;
  private static final long FULL_DISK = 50 * MEGABYTE;

  private MachineVerdicts() {}

  /**
   * Open files.
   *
   * @param whose the process that the limit is of
   */
  public static Finding descriptors(String whose, long limit) {
    return new Finding(
        Check.DESCRIPTORS,
        limit < FEWEST_DESCRIPTORS
            ? ServerVerdict.DESCRIPTORS_FEW
            : ServerVerdict.DESCRIPTORS_ENOUGH,
        "%d open files, of %s".formatted(limit, whose));
  }

  /** The receive buffer for UDP, in bytes. */
  public static Finding udpBuffer(int granted, int wanted) {
    return new Finding(
        Check.UDP_BUFFER,
        granted < wanted ? ServerVerdict.UDP_BUFFER_SMALL : ServerVerdict.UDP_BUFFER_GRANTED,
        "%d bytes of %d".formatted(granted, wanted));
  }

  /** Where SQLite's library can be run from. */
  public static Finding temporaryFolder(String folder, boolean isUsable, boolean isOtherUsable) {
    return new Finding(
        Check.TEMPORARY_FOLDER,
        isUsable
            ? ServerVerdict.TEMPORARY_FOLDER_GOOD
            : isOtherUsable
                ? ServerVerdict.TEMPORARY_FOLDER_UNUSABLE
                : ServerVerdict.NO_FOLDER_TO_RUN_FROM,
        folder + (isUsable ? " can be used" : " cannot be used"));
  }

  /** Space for the data folder, in bytes. */
  public static Finding disk(String folder, long free) {
    return new Finding(
        Check.DISK,
        free < FULL_DISK
            ? ServerVerdict.DISK_FULL
            : free < LOW_DISK ? ServerVerdict.DISK_LOW : ServerVerdict.DISK_FREE,
        String.format(Locale.ROOT, "%,d MB free for %s", free / MEGABYTE, folder));
  }
}
