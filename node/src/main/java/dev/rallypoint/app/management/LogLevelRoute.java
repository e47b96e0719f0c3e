package dev.rallypoint.app.management;

import dev.rallypoint.app.log.LogLevels;
import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogLevel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows and changes the levels of the log's areas, until the process ends: {@code GET} and {@code
 * POST /v1/log-level}.
 */
public final class LogLevelRoute {
  /** What gives an area up again. */
  public static final String DEFAULT = "DEFAULT";

  private static final Logger LOG = LoggerFactory.getLogger(LogLevelRoute.class);

  /**
   * What is posted.
   *
   * @param area such as {@code access.punch}
   * @param level such as {@code DEBUG}; {@code DEFAULT} for that of the area above it
   */
  public record Change(@Nullable String area, @Nullable String level) {}

  /**
   * What is answered.
   *
   * @param levels the level in force in each area
   */
  public record InForce(Map<String, String> levels) {}

  private LogLevelRoute() {}

  /** The route. */
  public static Route route() {
    return Directives.path(
        "log-level",
        () ->
            Directives.concat(
                Directives.get(() -> Json.ok(inForce(levels()))),
                Directives.post(() ->
                    Directives.entity(
                        Json.body(Change.class), change -> Json.ok(changed(levels(), change))))));
  }

  private static LogLevels levels() {
    return LogLevels.ofProcess()
        .orElseThrow(
            () -> new ManagementRefusal(StatusCodes.NOT_IMPLEMENTED, "the log is not logback's"));
  }

  private static InForce changed(LogLevels levels, Change change) {
    String label = String.valueOf(change.area).toLowerCase(Locale.ROOT);
    LogArea area =
        LogArea.of(label)
            .orElseThrow(() ->
                refusal("there is no area %s; there are %s".formatted(label, LogArea.labels())));
    String text = String.valueOf(change.level);
    Optional<LogLevel> level = LogLevel.of(text);
    if (level.isPresent()) {
      levels.set(area, level.get());
    } else if (text.equalsIgnoreCase(DEFAULT)) {
      levels.unset(area);
    } else {
      throw refusal(
          "there is no level %s; write TRACE, DEBUG, INFO, WARN, ERROR, OFF or DEFAULT"
              .formatted(text));
    }
    LOG.info("the level of the log's area {} is {} now", area.label(), levels.inForce().get(area));
    return inForce(levels);
  }

  private static ManagementRefusal refusal(String line) {
    return new ManagementRefusal(StatusCodes.BAD_REQUEST, line);
  }

  private static InForce inForce(LogLevels levels) {
    Map<String, String> named = new LinkedHashMap<>();
    levels.inForce().forEach((area, level) -> named.put(area.label(), level.name()));
    return new InForce(named);
  }
}
