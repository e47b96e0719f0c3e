package dev.rallypoint.app.doctor;

import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import java.util.Optional;

/**
 * What came of a punch to an id of one's own.
 *
 * @param isKeyGiven whether the requester sent a key
 * @param wasTold whether the device heard of it
 * @param answer what the requester heard, or empty for nothing
 */
public record PunchVerdicts(
    boolean isKeyGiven, boolean wasTold, Optional<PunchHoleResponse> answer) {
  /** The row. */
  public Finding finding() {
    return new Finding(Check.PUNCH, verdict(), seen());
  }

  /** The row where no id was registered. */
  public static Finding notTried() {
    return new Finding(Check.PUNCH, ClientVerdict.PUNCH_NOT_TRIED, "no id to connect to");
  }

  /** Whether the server said that the key mismatches. */
  public boolean isAccessRefused() {
    return isFailure() && failure() == Failure.LICENSE_MISMATCH;
  }

  private boolean isFailure() {
    return answer.filter(response -> response.getSocketAddr().isEmpty()).isPresent();
  }

  private Failure failure() {
    return answer.map(PunchHoleResponse::getFailure).orElse(Failure.UNRECOGNIZED);
  }

  private String words() {
    return answer.map(PunchHoleResponse::getOtherFailure).orElse("");
  }

  private ClientVerdict verdict() {
    if (isFailure()) {
      if (!words().isEmpty()) {
        return ClientVerdict.PUNCH_REFUSED;
      }
      return switch (failure()) {
        case ID_NOT_EXIST, OFFLINE -> ClientVerdict.PUNCH_UNKNOWN;
        case LICENSE_MISMATCH ->
            isKeyGiven ? ClientVerdict.PUNCH_KEY_REFUSED : ClientVerdict.PUNCH_WANTS_KEY;
        default -> ClientVerdict.PUNCH_REFUSED;
      };
    }
    if (!wasTold) {
      return ClientVerdict.PUNCH_UNTOLD;
    }
    return answer.isPresent() ? ClientVerdict.PUNCHED : ClientVerdict.PUNCH_UNANSWERED;
  }

  private String seen() {
    if (isFailure()) {
      return "refused: " + (words().isEmpty() ? failure().name() : words());
    }
    String told = wasTold ? "the device was told" : "the device heard nothing";
    return told + (answer.isPresent() ? ", and its answer came back" : ", and no answer came back");
  }
}
