package dev.rallypoint.app;

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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Asks the node on this machine whether it takes work, as a client would: for containers and
 * balancers. A node that leaves closes the port first that is asked here.
 */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Ask the node on this machine whether it takes work.",
    description = {
      "",
      "Takes the settings of 'serve' and does the NAT test with that node; without the role",
      "rendezvous it only connects to the relay. Exit code 0 when the node answers, 1 otherwise: also",
      "while it starts, and from the moment it is told to stop.",
      ""
    })
final class HealthCommand implements Callable<Integer> {
  private static final int PATIENCE = 3_000;
  private static final int LONGEST = 4_096;
  private static final byte[] QUESTION =
      FrameEncoder.encode(
          RendezvousMessage.newBuilder()
              .setTestNatRequest(TestNatRequest.newBuilder())
              .build()
              .toByteArray());

  private final Surroundings surroundings;

  @Mixin private final ServeFlags flags = new ServeFlags();

  HealthCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    NodeSettings settings = flags.sources(surroundings).load().node();
    boolean isIdServer = settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
    InetAddress host =
        settings.bind().isEmpty()
            ? InetAddress.getLoopbackAddress()
            : InetAddress.ofLiteral(settings.bind());
    int port = isIdServer ? settings.rendezvous().natTestPort() : settings.relay().port();
    // Behind a proxy's header no plain question is taken from it; then an open port has to do.
    boolean isAsked = isIdServer && !settings.entrance().proxies().isHeaderExpectedOn(port);
    @Nullable String fault = fault(new InetSocketAddress(host, port), isAsked);
    if (fault == null) {
      surroundings.out().println("healthy");
      return 0;
    }
    surroundings.err().println("rallypoint: no answer on port " + port + ": " + fault);
    return 1;
  }

  private static @Nullable String fault(InetSocketAddress node, boolean isAsked) {
    try (Socket socket = new Socket()) {
      socket.connect(node, PATIENCE);
      socket.setSoTimeout(PATIENCE);
      if (!isAsked) {
        return null;
      }
      socket.getOutputStream().write(QUESTION);
      return isAnswer(socket.getInputStream()) ? null : "not a node's answer";
    } catch (IOException | FrameException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }

  private static boolean isAnswer(InputStream in) throws IOException, FrameException {
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
