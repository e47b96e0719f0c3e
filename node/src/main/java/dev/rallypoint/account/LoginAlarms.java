package dev.rallypoint.account;

import dev.rallypoint.policy.account.LoginThrottle.Scope;
import dev.rallypoint.store.account.TokenTable.Device;
import dev.rallypoint.store.audit.AlarmTable;
import dev.rallypoint.store.audit.AlarmTable.AlarmRow;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alarms of log-ins that failed so often that further ones are refused for a while. */
final class LoginAlarms {
  private static final Logger LOG = LoggerFactory.getLogger(LoginAlarms.class);
  private static final int LONGEST = 128;

  private LoginAlarms() {}

  /**
   * Writes an alarm for each count that is locked by a failed log-in, beside its answer.
   *
   * @param name that was tried
   * @param device that it was tried on, as it told
   */
  static void write(AccountParts parts, Set<Scope> locked, String name, Device device) {
    if (locked.isEmpty()) {
      return;
    }
    var unused =
        parts
            .call(handle -> {
              long now = parts.now();
              locked.forEach(scope ->
                  AlarmTable.insert(
                      handle,
                      Organization.DEFAULT,
                      new AlarmRow(
                          parts.secrets().guid(now),
                          device.id(),
                          typ(scope),
                          info(name, device),
                          0,
                          "",
                          now)));
              return true;
            })
            .whenComplete((done, failure) -> warn(failure));
  }

  private static void warn(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("an alarm of failed log-ins is not stored: {}", failure.getMessage());
    }
  }

  private static int typ(Scope scope) {
    return switch (scope) {
      case NETWORK -> AlarmTable.LOGINS_IN_A_ROW;
      case USER_AND_NETWORK -> AlarmTable.LOGINS_IN_A_MINUTE;
      case USER -> AlarmTable.LOGINS_IN_AN_HOUR;
    };
  }

  private static String info(String name, Device device) {
    return "{\"ip\":\"%s\",\"id\":\"%s\",\"name\":\"%s\"}"
        .formatted(quoted(device.ip()), quoted(device.id()), quoted(name));
  }

  /** As a JSON text has it. */
  private static String quoted(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain
        .substring(0, Math.min(plain.length(), LONGEST))
        .replace("\\", "\\\\")
        .replace("\"", "\\\"");
  }
}
