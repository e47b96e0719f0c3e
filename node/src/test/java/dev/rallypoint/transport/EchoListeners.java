package dev.rallypoint.transport;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.TlsClient;
import dev.rallypoint.transport.tls.Certificate;
import dev.rallypoint.transport.tls.CertificateWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * Listeners that tell each sender who it is taken for, before what it sent. They trust {@link
 * #PROXY}, admit two connections of an ip, and wait long for a header and a handshake, for a first
 * handshake on a busy machine takes seconds.
 */
public final class EchoListeners implements AutoCloseable {
  static final String PROXY = "127.0.0.9";

  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();
  private final ConnectionQuota quota = new ConnectionQuota(2, 50, List.of());
  private final AtomicReference<Certificate> certificate = new AtomicReference<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final TlsSettings files;
  private final PortPolicies policies;

  /** With a certificate for first.example in {@code chain.pem} and {@code key.pem}. */
  public EchoListeners(Path folder) {
    TestCertificate.of("first.example", "EC").writeTo(folder);
    files = new TlsSettings(folder.resolve("chain.pem"), folder.resolve("key.pem"));
    certificate.set(Certificate.load(files));
    policies = policies(false, PATIENT);
  }

  private PortPolicies policies(boolean withHeader, Duration patience) {
    return TestPorts.with(
        new ProxySettings(List.of(Cidr.parse("trusted-proxies", PROXY)), withHeader, Set.of()),
        Optional.of(() -> certificate.get().context()),
        patience,
        counters,
        FrameMemory.ofHeap());
  }

  /** Ports on which nobody sends a PROXY header. */
  public PortPolicies policies() {
    return policies;
  }

  /** Ports on which {@link #PROXY} sends a PROXY header. */
  PortPolicies withHeader() {
    return policies(true, PATIENT);
  }

  /** Ports that wait half a second for a header and a handshake. */
  PortPolicies impatient() {
    return policies(false, Duration.ofMillis(500));
  }

  public Counters counters() {
    return counters;
  }

  ConnectionQuota quota() {
    return quota;
  }

  public TlsSettings files() {
    return files;
  }

  ActorTestKit kit() {
    return kit;
  }

  public int bind(PortPolicy policy) {
    return bind(policy, client -> client.address().toString());
  }

  public int bind(PortPolicy policy, Function<ClientConnection, String> answer) {
    Listener bound =
        Listener.bind(
                kit.system(),
                new InetSocketAddress("127.0.0.1", 0),
                policy,
                quota,
                client ->
                    Flow.of(ByteString.class)
                        .map(bytes ->
                            ByteString.fromString(answer.apply(client) + " " + bytes.utf8String())))
            .toCompletableFuture()
            .join();
    listeners.add(bound);
    return bound.address().getPort();
  }

  public void watchCertificate() {
    kit.spawn(CertificateWatch.create(files, certificate, Duration.ofMillis(50), counters));
  }

  /** What a connection is taken for whose request names a client. */
  static String requested(ClientConnection connection) {
    return connection
        .onRequest(new ForwardingHeaders(List.of("203.0.113.7"), List.of(), List.of()))
        .map(Object::toString)
        .orElse("refused");
  }

  static String say(TcpClient client, String line) {
    return client.sendRaw(line.getBytes(StandardCharsets.US_ASCII)).receiveText();
  }

  public static String certificateAt(int port) throws IOException {
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.4", port), "TLSv1.3")) {
      client.say("x");
      return client.certificateName();
    }
  }

  @Override
  public void close() {
    listeners.forEach(Listener::unbind);
    kit.shutdownTestKit();
  }
}
