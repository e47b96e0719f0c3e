package dev.rallypoint.loadtest.benchmark.memory;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * The ids of the benchmark, and their rows in a file of hbbs's schema: nine digits, a uuid of 36
 * characters and a key, as clients have them. Device {@code i} always has the same.
 */
public final class RegisteredIds {
  /** The name of the file in a data folder. */
  static final String FILE = "db_v2.sqlite3";

  private static final int FIRST_ID = 100_000_000;
  private static final int IDS = 900_000_000;

  /** Has no divisor with {@link #IDS} in common, so that all ids differ. */
  private static final long STEP = 611_953;

  private static final int KEY_BYTES = 32;
  private static final int ROWS_IN_A_TRANSACTION = 100_000;
  private static final String SCHEMA =
      """
      create table if not exists peer (
        guid blob primary key not null,
        id varchar(100) not null,
        uuid blob not null,
        pk blob not null,
        created_at datetime not null default(current_timestamp),
        user blob,
        status tinyint,
        note varchar(300),
        info text not null
      ) without rowid
      """;

  private RegisteredIds() {}

  /**
   * The id of a device: spread like the ids of clients, which are random; numbers in a row have
   * similar hashes.
   */
  public static String id(int device) {
    return String.valueOf(FIRST_ID + device * STEP % IDS);
  }

  /** The uuid of a device. */
  public static byte[] uuid(int device) {
    return "%08x-0000-4000-8000-%012x"
        .formatted(device * 0x9E3779B9, device)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] key(int device) {
    byte[] key = new byte[KEY_BYTES];
    new Random(device).nextBytes(key);
    return key;
  }

  /** The RegisterPk of a device. */
  static ByteBuffer registration(int device) {
    RegisterPk.Builder message =
        RegisterPk.newBuilder()
            .setId(id(device))
            .setUuid(ByteString.copyFrom(uuid(device)))
            .setPk(ByteString.copyFrom(key(device)));
    return ByteBuffer.wrap(
        RendezvousMessage.newBuilder().setRegisterPk(message).build().toByteArray());
  }

  /** Stores the first devices, which were last seen at this ip. */
  public static void store(Path folder, int devices, String ip) {
    String file = "jdbc:sqlite:" + folder.resolve(FILE);
    try (Connection database = DriverManager.getConnection(file);
        Statement statement = database.createStatement()) {
      statement.execute("pragma synchronous = off");
      statement.execute(SCHEMA);
      database.setAutoCommit(false);
      try (PreparedStatement insert =
          database.prepareStatement(
              "insert into peer (guid, id, uuid, pk, info) values (?, ?, ?, ?, ?)")) {
        for (int device = 0; device < devices; device++) {
          insert.setBytes(1, ByteBuffer.allocate(16).putInt(12, device).array());
          insert.setString(2, id(device));
          insert.setBytes(3, uuid(device));
          insert.setBytes(4, key(device));
          insert.setString(5, "{\"ip\":\"" + ip + "\"}");
          insert.executeUpdate();
          if ((device + 1) % ROWS_IN_A_TRANSACTION == 0) {
            database.commit();
          }
        }
      }
      database.commit();
    } catch (SQLException e) {
      throw new EnvironmentException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
