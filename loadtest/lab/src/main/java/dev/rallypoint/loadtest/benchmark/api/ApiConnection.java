package dev.rallypoint.loadtest.benchmark.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;

/** A connection to the API that is kept, with one request at a time. */
final class ApiConnection implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final String LENGTH = "content-length:";
  private static final int STATUS_AT = 9;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  ApiConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(ANSWER.toMillis()));
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /**
   * An answer.
   *
   * @param status as in HTTP
   */
  record Answer(int status, String body) {}

  /** The bytes of a POST as clients send it. */
  static byte[] post(String path, String type, String body) {
    return ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nAccept: */*\r\n"
            + "Content-Length: %d\r\n\r\n%s")
        .formatted(path, type, body.getBytes(UTF_8).length, body)
        .getBytes(UTF_8);
  }

  /** Sends a request and reads its answer. */
  Answer ask(byte[] request) throws IOException {
    out.write(request);
    int status = Integer.parseInt(line().substring(STATUS_AT, STATUS_AT + 3));
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    return new Answer(status, new String(in.readNBytes(length), UTF_8));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        throw new EOFException("the node closed the connection");
      }
      if (read != '\r') {
        line.write(read);
      }
    }
    return line.toString(US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
