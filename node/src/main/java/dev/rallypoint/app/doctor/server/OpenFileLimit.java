package dev.rallypoint.app.doctor.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How many files a process may open.
 *
 * @param whose the process, in an operator's words
 * @param files the limit that holds for it
 */
record OpenFileLimit(String whose, long files) {
  private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files\\s+\\S+\\s+(\\d+)");
  private static final String NODE = "dev.rallypoint.app.cli.Main";
  private static final Path PROCESSES = Path.of("/proc");

  /** That of the node that runs on this machine, or of this process where none is seen. */
  static Optional<OpenFileLimit> find() {
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      Optional<OpenFileLimit> ofNode =
          processes
              .filter(process -> process.getFileName().toString().matches("\\d+"))
              .filter(OpenFileLimit::isNode)
              .flatMap(process -> of(process).stream())
              .findFirst();
      return ofNode.or(OpenFileLimit::own);
    } catch (IOException notLinux) {
      return own();
    }
  }

  private static Optional<OpenFileLimit> of(Path process) {
    OptionalLong limit = limit(read(process.resolve("limits")));
    return limit.isPresent()
        ? Optional.of(
            new OpenFileLimit(
                "the running node, process " + process.getFileName(), limit.getAsLong()))
        : Optional.empty();
  }

  private static Optional<OpenFileLimit> own() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? Optional.of(
            new OpenFileLimit(
                "this shell; a service has its own", system.getMaxFileDescriptorCount()))
        : Optional.empty();
  }

  private static boolean isNode(Path process) {
    String line = read(process.resolve("cmdline"));
    return line.contains(NODE) && line.contains("\0serve");
  }

  /** The hard limit in the text of {@code /proc/PID/limits}: Java raises its own to that. */
  static OptionalLong limit(String text) {
    Matcher limit = LIMIT.matcher(text);
    return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty();
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // another user's, or it has ended
    }
  }
}
