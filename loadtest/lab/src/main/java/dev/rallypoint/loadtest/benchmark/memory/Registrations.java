package dev.rallypoint.loadtest.benchmark.memory;

import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Registers stored devices from one socket, as fast as the node answers: so many messages are under
 * way at once, no more. A RegisterPk and not a heartbeat, so that each device's entity starts.
 */
final class Registrations implements AutoCloseable {
  /** Fewer than the half of the node's least places that one address may take alone. */
  private static final int UNDER_WAY = 400;

  private static final int BUFFER = 4 << 20;
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(4);
  private static final int MOST_ROUNDS = 5;

  private final DatagramChannel socket;
  private final Selector selector;
  private final ByteBuffer answer = ByteBuffer.allocate(2_048);
  private int answered;
  private int accepted;
  private final Map<RegisterPkResponse.Result, Integer> refused =
      new EnumMap<>(RegisterPkResponse.Result.class);

  Registrations(InetSocketAddress server) throws IOException {
    socket = DatagramChannel.open();
    socket.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
    socket.connect(server);
    socket.configureBlocking(false);
    selector = Selector.open();
    socket.register(selector, SelectionKey.OP_READ);
  }

  /** The ip that the server sees. */
  String ip() throws IOException {
    return ((InetSocketAddress) socket.getLocalAddress()).getAddress().getHostAddress();
  }

  /**
   * Registers the first devices, once more where the node has not accepted all of them.
   *
   * @throws IOException when the node does not accept all of them in a few rounds
   */
  void registerAll(int devices) throws IOException {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      answered = 0;
      accepted = 0;
      refused.clear();
      for (int device = 0; device < devices; device++) {
        awaitAnswers(device - UNDER_WAY + 1);
        socket.write(RegisteredIds.registration(device));
      }
      awaitAnswers(devices);
      if (accepted == devices) {
        return;
      }
    }
    throw new IOException(
        "the node accepted %,d of %,d registrations, refused: %s"
            .formatted(accepted, devices, refused));
  }

  /** Waits until so many messages are answered; those that are not for long count as answered. */
  private void awaitAnswers(int count) throws IOException {
    long last = System.nanoTime();
    while (answered < count) {
      selector.select(TimeUnit.NANOSECONDS.toMillis(SILENCE));
      selector.selectedKeys().clear();
      int before = answered;
      takeAnswers();
      if (answered > before) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > SILENCE) {
        answered = count;
      }
    }
  }

  private void takeAnswers() throws IOException {
    while (socket.read(answer.clear()) > 0) {
      RendezvousMessage message = RendezvousMessage.parseFrom(answer.flip());
      answered++;
      RegisterPkResponse.Result result = message.getRegisterPkResponse().getResult();
      if (result == RegisterPkResponse.Result.OK) {
        accepted++;
      } else {
        refused.merge(result, 1, Integer::sum);
      }
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    socket.close();
  }
}
