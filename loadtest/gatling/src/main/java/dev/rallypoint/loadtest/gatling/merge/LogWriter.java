package dev.rallypoint.loadtest.gatling.merge;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes what {@link LogReader} reads; each different string gets its number here. */
final class LogWriter implements AutoCloseable {
  private final DataOutputStream out;
  private final Map<LogText, Integer> numbers = new HashMap<>();

  /** Begins a log in a new file. */
  LogWriter(Path file, LogHeader header) throws IOException {
    this.out =
        new DataOutputStream(
            new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16));
    out.writeByte(LogReader.RUN);
    text(header.version());
    text(header.simulation());
    out.writeLong(header.start());
    text(header.description());
    out.writeInt(header.scenarios().size());
    for (LogText scenario : header.scenarios()) {
      text(scenario);
    }
    out.writeInt(header.assertions().size());
    for (ByteBuffer assertion : header.assertions()) {
      byte[] bytes = new byte[assertion.remaining()];
      assertion.duplicate().get(bytes);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  void write(LogRecord written) throws IOException {
    switch (written) {
      case LogRecord.Request request -> {
        out.writeByte(LogReader.REQUEST);
        groups(request.groups());
        cached(request.name());
        out.writeInt(request.start());
        out.writeInt(request.end());
        out.writeBoolean(request.isOk());
        cached(request.message());
      }
      case LogRecord.User user -> {
        out.writeByte(LogReader.USER);
        out.writeInt(user.scenario());
        out.writeBoolean(user.isStart());
        out.writeInt(user.time());
      }
      case LogRecord.Group group -> {
        out.writeByte(LogReader.GROUP);
        groups(group.groups());
        out.writeInt(group.start());
        out.writeInt(group.end());
        out.writeInt(group.cumulated());
        out.writeBoolean(group.isOk());
      }
      case LogRecord.Crash crash -> {
        out.writeByte(LogReader.CRASH);
        cached(crash.message());
        out.writeInt(crash.time());
      }
    }
  }

  private void groups(List<LogText> groups) throws IOException {
    out.writeInt(groups.size());
    for (LogText group : groups) {
      cached(group);
    }
  }

  private void cached(LogText text) throws IOException {
    Integer known = numbers.get(text);
    if (known != null) {
      out.writeInt(-known);
    } else {
      int number = numbers.size() + 1;
      numbers.put(text, number);
      out.writeInt(number);
      text(text);
    }
  }

  private void text(LogText text) throws IOException {
    byte[] bytes = text.bytes().getBytes(StandardCharsets.ISO_8859_1);
    out.writeInt(bytes.length);
    if (bytes.length > 0) {
      out.write(bytes);
      out.writeByte(text.coder());
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
