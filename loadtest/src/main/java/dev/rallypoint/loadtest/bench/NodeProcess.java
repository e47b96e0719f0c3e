package dev.rallypoint.loadtest.bench;

import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A node of ours, started by its launcher, with caps so high that they do not count. */
final class NodeProcess implements Contestant {
  private static final String KEY = "benchmark";

  private final String name;
  private final Process process;
  private final InetSocketAddress relay;

  private NodeProcess(String name, Process process, InetSocketAddress relay) {
    this.name = name;
    this.process = process;
    this.relay = relay;
  }

  /** Starts it and waits for its ready line. */
  static NodeProcess start(Path launcher, Path folder, boolean splices) throws IOException {
    String name = splices ? "ours-splice" : "ours-copy";
    Path data = Files.createDirectories(folder.resolve(name));
    int port = Ports.row(8);
    List<String> words = new ArrayList<>();
    words.addAll(List.of(launcher.toString(), "serve", "--data", data.toString()));
    words.addAll(List.of("-p", String.valueOf(port + 2), "--relay-port", String.valueOf(port + 5)));
    words.addAll(List.of("-k", KEY, "-b", "127.0.0.1"));
    for (String setting :
        List.of(
            "relay-splice=" + (splices ? "Y" : "N"),
            "single-bandwidth=100000",
            "total-bandwidth=1000000",
            "relay-idle-timeout=1h",
            "max-connections=1000000",
            "connections-per-address=1000000",
            "relay-waiting-per-address=1000000")) {
      words.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(data.toFile())
            .redirectError(folder.resolve(name + ".log").toFile());
    builder.environment().merge("JAVA_OPTS", "-XX:-MaxFDLimit", (old, more) -> old + " " + more);
    Process process = builder.start();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(said -> {}));
        InetSocketAddress relay = new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 5);
        return new NodeProcess(name, process, relay);
      }
    }
    process.destroyForcibly();
    throw new IOException(
        "the node does not start: " + Files.readString(folder.resolve(name + ".log")));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Wire connect() throws IOException {
    String uuid = UUID.randomUUID().toString();
    RequestRelay.Builder request = RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(KEY);
    SocketChannel b = leg(request, new byte[] {'?'});
    SocketChannel a =
        leg(request.setId("123456789").setConnType(ConnType.DEFAULT_CONN), new byte[0]);
    // The first byte through shows that the session has begun.
    if (a.read(ByteBuffer.allocate(1)) != 1) {
      throw new EOFException("the relay did not pair " + uuid);
    }
    return new Wire(a, b);
  }

  private SocketChannel leg(RequestRelay.Builder request, byte[] more) throws IOException {
    SocketChannel leg = SocketChannel.open(relay);
    leg.setOption(StandardSocketOptions.TCP_NODELAY, true);
    leg.write(
        ByteBuffer.wrap(
            FrameEncoder.encode(
                RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray())));
    leg.write(ByteBuffer.wrap(more));
    return leg;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
