package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.PostgresServer;
import dev.rallypoint.loadtest.environment.NamespaceThreads;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Reads the table of peers from the database. */
final class PeerTable {
  private PeerTable() {}

  /** The key of each id; the threads are those of the namespace of the database. */
  static Map<String, ByteString> read(NamespaceThreads database) {
    return database.call(PeerTable::read);
  }

  private static Map<String, ByteString> read() throws SQLException {
    Map<String, ByteString> keys = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(PostgresServer.JDBC_URL);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, pk FROM peer")) {
      while (rows.next()) {
        keys.put(rows.getString(1), ByteString.copyFrom(rows.getBytes(2)));
      }
    }
    return keys;
  }
}
