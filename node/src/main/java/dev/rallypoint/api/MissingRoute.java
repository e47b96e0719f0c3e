package dev.rallypoint.api;

/** What clients show where this server does not have a part of the API. */
final class MissingRoute {
  private MissingRoute() {}

  /** One line. */
  static String line(String path) {
    if (path.equals("/api/ab") || path.startsWith("/api/ab/")) {
      return "This server has no address books";
    }
    return "this server has no API for " + shown(path);
  }

  private static String shown(String path) {
    boolean isPlain = path.length() <= 64 && path.matches("[A-Za-z0-9/._-]*");
    return isPlain ? path : "this";
  }
}
