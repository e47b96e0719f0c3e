package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;

/** The tables of the command {@code admin}. */
final class AdminRows {
  private AdminRows() {}

  /** The clients that a user is logged in with. */
  static TextRows tokens(JsonNode answer) {
    TextRows rows = new TextRows("DEVICE", "ADDRESS", "SINCE", "LAST USED", "CLIENT");
    for (JsonNode token : answer.path("tokens")) {
      rows.add(
          token.path("device_id").asText(),
          token.path("ip").asText(),
          TextRows.minute(token.path("since").asText()),
          TextRows.minute(token.path("last_used").asText()),
          token.path("client").asText());
    }
    return rows;
  }

  /** The groups of users. */
  static TextRows groups(JsonNode answer) {
    TextRows rows = new TextRows("GROUP", "USERS", "NOTE");
    for (JsonNode found : answer.path("groups")) {
      rows.add(
          found.path("name").asText(), found.path("users").asText(), found.path("note").asText());
    }
    return rows;
  }

  /** The invitations that are good. */
  static TextRows invitations(JsonNode answer) {
    TextRows rows = new TextRows("GUID", "NAME", "GROUP", "EXPIRES", "EMAIL");
    for (JsonNode found : answer.path("invitations")) {
      rows.add(
          found.path("guid").asText(),
          found.path("name").asText(),
          found.path("group").asText(),
          TextRows.minute(found.path("expires").asText()),
          found.path("email").asText());
    }
    return rows;
  }

  /** The connections that run. */
  static TextRows connections(JsonNode answer) {
    TextRows rows = new TextRows("GUID", "DEVICE", "FROM", "ADDRESS", "USER", "SINCE");
    for (JsonNode found : answer.path("connections")) {
      rows.add(
          found.path("guid").asText(),
          found.path("device_id").asText(),
          found.path("peer_id").asText(),
          found.path("ip").asText(),
          found.path("user").asText("-"),
          TextRows.minute(found.path("since").asText()));
    }
    return rows;
  }
}
