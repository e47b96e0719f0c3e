package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.RelayVerdicts;
import dev.rallypoint.config.text.HostAndPort;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Plays both sides of a session through the relay.
 *
 * @param threads where one side sends while the other reads
 */
record RelayProbe(ServerName server, InetAddress host, Ticker ticker, ExecutorService threads) {
  private static final int USUAL_PORT = 21117;
  private static final int ROUND_TRIPS = 5;
  private static final int PIECE = 64 * 1024;
  private static final long MOST_BYTES = 8L << 20;
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /**
   * The rows of the port and the round trip.
   *
   * @param named as the server named it, empty for the ID server's host and the next port
   */
  List<Finding> find(String named) {
    Optional<HostAndPort> parsed = HostAndPort.parse(named);
    String name = named.isEmpty() ? server.host() : parsed.map(HostAndPort::host).orElse(named);
    int port =
        named.isEmpty()
            ? server.relayPort()
            : parsed.map(HostAndPort::port).filter(given -> given != 0).orElse(USUAL_PORT);
    String shown = name + ":" + port;
    PeerAddress idServer = PeerAddress.of(host, 0);
    InetSocketAddress relay;
    try {
      relay = new InetSocketAddress(named.isEmpty() ? host : InetAddress.getByName(name), port);
    } catch (UnknownHostException e) {
      return List.of(
          RelayVerdicts.port(shown, Optional.empty(), idServer, Contact.DROPPED),
          RelayVerdicts.notTried());
    }
    Contact contact = ListenerProbe.connect(relay);
    Finding row = RelayVerdicts.port(shown, Optional.of(PeerAddress.of(relay)), idServer, contact);
    return List.of(row, contact == Contact.ANSWERED ? session(relay) : RelayVerdicts.notTried());
  }

  private Finding session(InetSocketAddress relay) {
    String uuid = UUID.randomUUID().toString();
    try (FrameLink device = FrameLink.to(relay);
        FrameLink requester = FrameLink.to(relay)) {
      device.send(Questions.relay("", uuid, server.key()));
      requester.send(Questions.relay("doctor", uuid, server.key()));
      Duration roundTrip = roundTrip(requester.socket(), device.socket());
      return speed(roundTrip, requester.socket(), device.socket());
    } catch (NoAnswerException e) {
      return RelayVerdicts.failed(e.contact(), !server.key().isEmpty());
    } catch (IOException e) {
      return RelayVerdicts.failed(
          NoAnswerException.ofReading(e).contact(), !server.key().isEmpty());
    }
  }

  /** The median of some: one byte there, and one back. */
  private Duration roundTrip(Socket one, Socket other) throws IOException {
    long[] nanos = new long[ROUND_TRIPS];
    for (int i = 0; i < ROUND_TRIPS; i++) {
      long begun = ticker.nanos();
      one.getOutputStream().write(i);
      other.getOutputStream().write(byteOf(other.getInputStream()));
      byteOf(one.getInputStream());
      nanos[i] = ticker.nanos() - begun;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[ROUND_TRIPS / 2]);
  }

  private static int byteOf(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new NoAnswerException(Contact.CLOSED);
    }
    return next;
  }

  /** Sends for two seconds, or 8 MiB. */
  private Finding speed(Duration roundTrip, Socket from, Socket to) throws IOException {
    long begun = ticker.nanos();
    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> pour(from, begun), threads);
    byte[] piece = new byte[PIECE];
    long bytes = 0;
    InputStream in = to.getInputStream();
    for (int length = in.read(piece); length > 0; length = in.read(piece)) {
      bytes += length;
    }
    Duration time = Duration.ofNanos(ticker.nanos() - begun);
    sent.join();
    return RelayVerdicts.passed(roundTrip, bytes, time);
  }

  private void pour(Socket socket, long begun) {
    byte[] piece = new byte[PIECE];
    try {
      OutputStream out = socket.getOutputStream();
      for (long sent = 0;
          sent < MOST_BYTES && ticker.nanos() - begun < LONGEST.toNanos();
          sent += PIECE) {
        out.write(piece);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      // What came through until then is what is reported.
    }
  }
}
