package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Locale;

/**
 * How many new ids are stored of all addresses together, beside the limit of each address, and what
 * becomes of those above it.
 *
 * @param perSecond new ids that are stored in a second
 * @param burst new ids that are stored at once after a quiet time
 * @param perDay new ids that are stored in a day
 * @param provisional ids above these limits that are kept in memory; 0 takes a share of the heap
 * @param forgetAfter how long an id stays stored that was never seen after its first day; zero is
 *     for ever
 * @param enrolment which devices may have a new id
 */
public record NewIdLimits(
    int perSecond,
    int burst,
    int perDay,
    int provisional,
    Duration forgetAfter,
    Enrolment enrolment) {
  private static final Duration LEAST = Duration.ofDays(2);

  /** Which devices may register under an id that nobody has yet. */
  public enum Enrolment {
    /** Any. */
    OPEN,
    /** Those that an administrator has approved; others wait in the list of devices. */
    APPROVE,
    /** Those that were deployed with an API token. */
    DEPLOY;

    /** The name of the setting. */
    public static final String SETTING = "enrolment";

    static Enrolment from(SettingReader read) {
      return switch (read.text(SETTING).toLowerCase(Locale.ROOT)) {
        case "open" -> OPEN;
        case "approve" -> APPROVE;
        case "deploy" -> DEPLOY;
        default ->
            throw new SettingException(
                SETTING, read.text(SETTING), "write open, approve or deploy");
      };
    }

    /** Whether any device may register. */
    public boolean isOpen() {
      return this == OPEN;
    }
  }

  public NewIdLimits {
    Checks.range("new-ids-per-second", perSecond, 1, 1_000_000);
    Checks.range("new-ids-burst", burst, 1, 10_000_000);
    Checks.range("new-ids-per-day", perDay, 1, 1_000_000_000);
    Checks.range("provisional-ids", provisional, 0, 10_000_000);
    if (!forgetAfter.isZero()) {
      Checks.range("forget-new-ids-after", forgetAfter, LEAST, Duration.ofDays(3_650));
    }
  }

  /** The limits, {@code new-ids-per-second} to {@code enrolment}. */
  static NewIdLimits from(Config config) {
    SettingReader read = new SettingReader(config);
    return new NewIdLimits(
        read.number("new-ids-per-second"),
        read.number("new-ids-burst"),
        read.number("new-ids-per-day"),
        read.number("provisional-ids"),
        read.time("forget-new-ids-after"),
        Enrolment.from(read));
  }
}
