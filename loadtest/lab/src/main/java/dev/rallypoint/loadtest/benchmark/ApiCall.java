package dev.rallypoint.loadtest.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;

/** A heartbeat of the HTTP API, which a client sends every 15 s, to a server without an API. */
enum ApiCall {
  /** Over a new encrypted connection to the ID server, where nothing answers by HTTP. */
  ENCRYPTED {
    @Override
    int status(int idServer, PublicKey server) throws IOException {
      TcpFrameConnection connection = new TcpFrameConnection(connected(idServer));
      try {
        RendezvousMessage offer = RendezvousMessage.parseFrom(connection.receive(ANSWER));
        ClientKeyExchange exchange =
            ClientKeyExchange.answer(server, offer.getKeyExchange(), new SecureRandom());
        connection.send(exchange.answer().toByteArray());
        SecretChannel channel = exchange.channel();
        connection.send(channel.seal(MESSAGE.toByteArray()));
        byte[] answer = channel.open(connection.receive(ANSWER));
        return RendezvousMessage.parseFrom(answer).getHttpProxyResponse().getStatus();
      } catch (HandshakeException e) {
        throw new IOException(e.getMessage(), e);
      } finally {
        connection.close();
      }
    }
  },
  /** By HTTP to the second port before the ID server's. */
  HTTP {
    @Override
    int status(int idServer, PublicKey server) throws IOException {
      try (Socket socket = connected(idServer - 2)) {
        socket.getOutputStream().write(REQUEST);
        BufferedReader answer =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        String status = String.valueOf(answer.readLine());
        int length = 0;
        for (String line = answer.readLine(); line != null && !line.isEmpty(); ) {
          if (line.startsWith(LENGTH)) {
            length = Integer.parseInt(line.substring(LENGTH.length()));
          }
          line = answer.readLine();
        }
        if (!status.startsWith(VERSION) || answer.skip(length) < length) {
          throw new IOException("no whole answer: " + status);
        }
        return Integer.parseInt(status.substring(VERSION.length(), VERSION.length() + 3));
      }
    }
  };

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final String VERSION = "HTTP/1.1 ";
  private static final String LENGTH = "Content-Length: ";
  private static final String PATH = "/api/heartbeat";
  private static final String BODY =
      "{\"conns\":[],\"id\":\"123456789\",\"modified_at\":0,"
          + "\"uuid\":\"MDEyMzQ1NjctODlhYi1jZGVmLTAxMjMtNDU2Nzg5YWJjZGVm\",\"ver\":1004009}";
  private static final RendezvousMessage MESSAGE =
      RendezvousMessage.newBuilder()
          .setHttpProxyRequest(
              HttpProxyRequest.newBuilder()
                  .setMethod("POST")
                  .setPath(PATH)
                  .addHeaders(
                      HeaderEntry.newBuilder().setName("Content-Type").setValue("application/json"))
                  .setBody(ByteString.copyFromUtf8(BODY)))
          .build();
  private static final byte[] REQUEST =
      ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: */*\r\n"
              + "Content-Length: %d\r\n\r\n%s")
          .formatted(PATH, BODY.length(), BODY)
          .getBytes(US_ASCII);

  /**
   * Sends it and reads the answer; the client closes the connection.
   *
   * @param idServer the port of the ID server on this machine
   * @return the status of the answer
   */
  abstract int status(int idServer, PublicKey server) throws IOException;

  private static Socket connected(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) ANSWER.toMillis());
    return socket;
  }
}
