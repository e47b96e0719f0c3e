package dev.rallypoint.loadtest.gatling.merge;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the binary {@code simulation.log} of Gatling 3.13 to 3.15: big-endian, no padding, strings
 * that occur often are written once and then named by a number. What a log may claim is bounded.
 */
final class LogReader implements AutoCloseable {
  /** The most bytes of a string. */
  static final int LONGEST_TEXT = 1 << 16;

  /** The most strings with a number. */
  static final int MOST_TEXTS = 100_000;

  /** The most bytes of all strings with a number. */
  static final long MOST_TEXT_BYTES = 32L << 20;

  private static final int MOST_SCENARIOS = 10_000;
  private static final int MOST_ASSERTIONS = 10_000;
  private static final int DEEPEST_GROUPS = 100;

  static final byte RUN = 0;
  static final byte REQUEST = 1;
  static final byte USER = 2;
  static final byte GROUP = 3;
  static final byte CRASH = 4;

  private final Path file;
  private final Counted counted;
  private final DataInputStream in;
  private final Map<Integer, LogText> texts = new HashMap<>();
  private final LogHeader header;
  private long textBytes;
  private long records;

  private static final class Counted extends FilterInputStream {
    private long position;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      position += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      position += Math.max(count, 0);
      return count;
    }
  }

  /**
   * Opens a log and reads its header.
   *
   * @throws LogException when the file is no log
   */
  LogReader(Path file) throws IOException {
    this.file = file;
    this.counted = new Counted(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    this.in = new DataInputStream(counted);
    try {
      this.header = readHeader();
    } catch (IOException e) {
      in.close();
      throw e instanceof EOFException ? bad("the log is cut off in its header") : e;
    }
  }

  LogHeader header() {
    return header;
  }

  /** The next record, or null at the end. */
  @Nullable LogRecord next() throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return null;
    }
    records++;
    try {
      return switch (kind) {
        case REQUEST ->
            new LogRecord.Request(groups(), cached(), in.readInt(), in.readInt(), bool(), cached());
        case USER -> new LogRecord.User(scenario(), bool(), in.readInt());
        case GROUP ->
            new LogRecord.Group(groups(), in.readInt(), in.readInt(), in.readInt(), bool());
        case CRASH -> new LogRecord.Crash(cached(), in.readInt());
        default -> throw bad("a record of an unknown kind, " + kind);
      };
    } catch (EOFException e) {
      throw bad("the log is cut off in a record");
    }
  }

  private LogHeader readHeader() throws IOException {
    if (in.readByte() != RUN) {
      throw bad("not a simulation.log of Gatling 3.13 or newer");
    }
    LogText version = text();
    LogText simulation = text();
    long start = in.readLong();
    LogText description = text();
    List<LogText> scenarios = new ArrayList<>();
    for (int left = count(MOST_SCENARIOS, "scenarios"); left > 0; left--) {
      scenarios.add(text());
    }
    List<ByteBuffer> assertions = new ArrayList<>();
    for (int left = count(MOST_ASSERTIONS, "assertions"); left > 0; left--) {
      assertions.add(ByteBuffer.wrap(bytes(count(LONGEST_TEXT, "bytes of an assertion"))));
    }
    return new LogHeader(version, simulation, start, description, scenarios, assertions);
  }

  private List<LogText> groups() throws IOException {
    int count = count(DEEPEST_GROUPS, "groups");
    List<LogText> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(cached());
    }
    return groups;
  }

  private LogText cached() throws IOException {
    int number = in.readInt();
    if (number > 0) {
      LogText text = text();
      textBytes += text.bytes().length();
      if (texts.size() >= MOST_TEXTS || textBytes > MOST_TEXT_BYTES) {
        throw bad("too many different strings");
      }
      if (texts.put(number, text) != null) {
        throw bad("string " + number + " occurs twice");
      }
      return text;
    }
    LogText known = texts.get(-number);
    if (known == null) {
      throw bad("string " + -(long) number + " is not in the log");
    }
    return known;
  }

  private LogText text() throws IOException {
    int length = count(LONGEST_TEXT, "bytes of a string");
    if (length == 0) {
      return LogText.EMPTY;
    }
    String bytes = new String(bytes(length), StandardCharsets.ISO_8859_1);
    byte coder = in.readByte();
    if (coder != 0 && coder != 1) {
      throw bad("a string of an unknown kind, " + coder);
    }
    return new LogText(bytes, coder);
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private int scenario() throws IOException {
    int index = in.readInt();
    if (index < 0 || index >= header.scenarios().size()) {
      throw bad("scenario " + index + " is not in the log");
    }
    return index;
  }

  private int count(int most, String what) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw bad(count + " " + what);
    }
    return count;
  }

  private boolean bool() throws IOException {
    int value = in.readByte();
    if (value != 0 && value != 1) {
      throw bad("neither OK nor KO, " + value);
    }
    return value == 1;
  }

  private LogException bad(String what) {
    return new LogException(
        "%s: %s (record %d, byte %d)".formatted(file, what, records, counted.position));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
