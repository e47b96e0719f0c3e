package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.Postgres;
import dev.rallypoint.loadtest.machine.Inside;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The table of peers as the database itself has it. */
final class PeerTable {
  private PeerTable() {}

  /** Each id with its key; asked on a thread in the database's namespace. */
  static Map<String, ByteString> read(Inside database) {
    return database.call(PeerTable::read);
  }

  private static Map<String, ByteString> read() throws SQLException {
    Map<String, ByteString> keys = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(Postgres.JDBC_URL);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, pk FROM peer")) {
      while (rows.next()) {
        keys.put(rows.getString(1), ByteString.copyFrom(rows.getBytes(2)));
      }
    }
    return keys;
  }
}
