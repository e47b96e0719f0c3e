package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * How often registrations are taken, so that nobody can fill the database. Over a limit the client
 * hears TOO_FREQUENT and tries again in 15 s; a new id that came by UDP becomes provisional
 * instead.
 *
 * @param perAddress RegisterPk messages of one ip in a minute that are answered with why they are
 *     refused
 * @param newIdsPerAddress ids not seen before that are stored of one ip in a day
 * @param newIds the limits on new ids of all ips together
 * @param perIdBurst RegisterPk messages one id may send with gaps below {@code perIdGap}
 * @param perIdGap the gap that ends a burst
 * @param exempt networks the per-address limits do not count
 */
public record RegistrationLimits(
    int perAddress,
    int newIdsPerAddress,
    NewIdLimits newIds,
    int perIdBurst,
    Duration perIdGap,
    List<Cidr> exempt) {

  public RegistrationLimits {
    Checks.range("registrations-per-address", perAddress, 1, 10_000_000);
    Checks.range("new-ids-per-address", newIdsPerAddress, 1, 10_000_000);
    Checks.range("registrations-per-id", perIdBurst, 1, 1_000);
    Checks.range(
        "registrations-per-id-gap", perIdGap, Duration.ofSeconds(1), Duration.ofMinutes(5));
    exempt = List.copyOf(exempt);
  }

  /** The limits, {@code registrations-per-address} to {@code exempt-networks}. */
  public static RegistrationLimits from(Config config) {
    SettingReader read = new SettingReader(config);
    return new RegistrationLimits(
        read.number("registrations-per-address"),
        read.number("new-ids-per-address"),
        NewIdLimits.from(config),
        read.number("registrations-per-id"),
        read.time("registrations-per-id-gap"),
        read.networks("exempt-networks"));
  }
}
