package dev.rallypoint.api;

/** What clients show where this server does not have a part of the API. */
final class MissingRoute {
  private MissingRoute() {}

  /** One line. A client that reads "disabled" empties its list of accessible devices. */
  static String line(String path) {
    if (path.equals("/api/ab") || path.startsWith("/api/ab/")) {
      return "This server has no address books";
    }
    return switch (path) {
      case "/api/users", "/api/peers", "/api/device-group/accessible" ->
          "The list of accessible devices is disabled on this server";
      default -> "this server has no API for " + shown(path);
    };
  }

  private static String shown(String path) {
    boolean isPlain = path.length() <= 64 && path.matches("[A-Za-z0-9/._-]*");
    return isPlain ? path : "this";
  }
}
