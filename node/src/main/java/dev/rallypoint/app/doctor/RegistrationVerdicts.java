package dev.rallypoint.app.doctor;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.util.Optional;

/**
 * What the answer to a registration means.
 *
 * @param id the throw-away id
 * @param result the server's answer, or empty without one
 * @param isByTcp whether it came by TCP, because none came by UDP
 */
public record RegistrationVerdicts(String id, Optional<Result> result, boolean isByTcp) {
  /** The row. */
  public Finding finding() {
    String way = isByTcp ? " by TCP" : " by UDP";
    return new Finding(
        Check.REGISTRATION,
        verdict(),
        id + way + ": " + result.map(Result::name).orElse("no answer"));
  }

  /** Whether the device is registered. */
  public boolean isRegistered() {
    return result.filter(Result.OK::equals).isPresent();
  }

  private ClientVerdict verdict() {
    return result
        .map(answer ->
            switch (answer) {
              case OK -> isByTcp ? ClientVerdict.REGISTERED_BY_TCP : ClientVerdict.REGISTERED;
              case TOO_FREQUENT -> ClientVerdict.REGISTRATION_LIMITED;
              case SERVER_ERROR -> ClientVerdict.REGISTRATION_FAILED;
              // hbbs says so to every registration by TCP.
              case NOT_SUPPORT -> ClientVerdict.REGISTRATION_SILENT;
              default -> ClientVerdict.REGISTRATION_REFUSED;
            })
        .orElse(ClientVerdict.REGISTRATION_SILENT);
  }
}
