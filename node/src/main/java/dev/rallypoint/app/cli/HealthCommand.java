package dev.rallypoint.app.cli;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Asks the node on this machine whether it takes work, as a client would: for containers and
 * balancers. A node that leaves closes the port of the NAT test first; a node that only relays says
 * at its console that it drains, for its port stays open a while.
 */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Ask the node on this machine whether it takes work.",
    description = {
      "",
      "Takes the settings of 'serve' and does the NAT test with that node; without the role",
      "rendezvous it asks the relay. Exit code 0 when the node takes clients, 1 otherwise: also",
      "while it starts, and from the moment it is told to stop.",
      ""
    })
final class HealthCommand implements Callable<Integer> {
  private static final int PATIENCE = 3_000;
  private static final int LONGEST = 4_096;
  private static final byte[] NAT_TEST =
      FrameEncoder.encode(
          RendezvousMessage.newBuilder()
              .setTestNatRequest(TestNatRequest.newBuilder())
              .build()
              .toByteArray());

  private static final byte[] RELAY_HEALTH = "health\n".getBytes(StandardCharsets.US_ASCII);

  private enum Question {
    NONE,
    NAT_TEST,
    RELAY
  }

  private final CommandContext surroundings;

  @Mixin private final ServeFlags flags = new ServeFlags();

  HealthCommand(CommandContext surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    NodeSettings settings = flags.sources(surroundings).load().node();
    boolean isIdServer = settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
    InetAddress host =
        settings.bind().isEmpty()
            ? InetAddress.getLoopbackAddress()
            : InetAddress.getByName(settings.bind());
    int port = isIdServer ? settings.rendezvous().natTestPort() : settings.relay().port();
    // Behind a proxy's header no plain question is taken from it; then an open port has to do.
    boolean isAsked = !settings.entrance().proxies().isHeaderExpectedOn(port);
    Question question = isAsked ? isIdServer ? Question.NAT_TEST : Question.RELAY : Question.NONE;
    @Nullable String fault = fault(new InetSocketAddress(host, port), question);
    if (fault == null) {
      surroundings.out().println("healthy");
      return 0;
    }
    surroundings.err().println("rallypoint: not healthy, port " + port + ": " + fault);
    return 1;
  }

  private static @Nullable String fault(InetSocketAddress node, Question question) {
    try (Socket socket = new Socket()) {
      socket.connect(node, PATIENCE);
      socket.setSoTimeout(PATIENCE);
      return switch (question) {
        case NONE -> null;
        case NAT_TEST -> {
          socket.getOutputStream().write(NAT_TEST);
          yield isNatTested(socket.getInputStream()) ? null : "not a node's answer";
        }
        case RELAY -> {
          socket.getOutputStream().write(RELAY_HEALTH);
          String answer =
              new String(socket.getInputStream().readNBytes(LONGEST), StandardCharsets.US_ASCII);
          yield answer.equals("serving\n")
              ? null
              : answer.equals("draining\n") ? "it is being stopped" : "not a node's answer";
        }
      };
    } catch (IOException | FrameException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }

  private static boolean isNatTested(InputStream in) throws IOException, FrameException {
    FrameDecoder decoder = new FrameDecoder(LONGEST);
    byte[] piece = new byte[LONGEST];
    for (int length = in.read(piece); length > 0; length = in.read(piece)) {
      decoder.feed(ByteBuffer.wrap(piece, 0, length));
      byte[] frame = decoder.poll();
      if (frame != null) {
        return RendezvousMessage.parseFrom(frame).hasTestNatResponse();
      }
    }
    return false;
  }
}
