package dev.rallypoint.transport;

import static dev.rallypoint.testing.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TlsClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners with a flow that tells each line's sender who it is taken for. */
class EntranceTest {
  private static final String PROXY = "127.0.0.9";
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static ActorTestKit kit;

  @TempDir Path folder;
  private final Counters counters = new Counters(new SimpleMeterRegistry());
  private final ConnectionQuota quota = new ConnectionQuota(2, 50, List.of());
  private final AtomicReference<Certificate> certificate = new AtomicReference<>();
  private TlsSettings files;
  private Entrances entrances;
  private Optional<ActorRef<?>> watch = Optional.empty();
  private Optional<Listener> listener = Optional.empty();

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void begin() {
    TestCertificate.of("first.example", "EC").writeTo(folder);
    files = new TlsSettings(folder.resolve("chain.pem"), folder.resolve("key.pem"));
    certificate.set(Certificate.load(files));
    entrances = entrances(false);
  }

  @AfterEach
  void end() {
    watch.ifPresent(kit::stop);
    listener.ifPresent(bound -> bound.unbind().toCompletableFuture().join());
  }

  private Entrances entrances(boolean withHeader) {
    return new Entrances(
        new ProxySettings(List.of(Cidr.parse("trusted-proxies", PROXY)), withHeader, Set.of()),
        Optional.of(() -> certificate.get().context()),
        PATIENCE,
        counters);
  }

  private int bind(Entrance entrance) {
    return bind(entrance, visitor -> visitor.address().toString());
  }

  private int bind(Entrance entrance, Function<Visitor, String> answer) {
    Listener bound =
        Listener.bind(
                kit.system(),
                new InetSocketAddress("127.0.0.1", 0),
                entrance,
                quota,
                visitor ->
                    Flow.of(ByteString.class)
                        .map(bytes ->
                            ByteString.fromString(
                                answer.apply(visitor) + " " + bytes.utf8String())))
            .toCompletableFuture()
            .join();
    listener = Optional.of(bound);
    return bound.address().getPort();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String say(TcpClient client, String line) {
    return client.sendRaw(bytes(line)).receiveText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesTlsAndPlainConnectionsOnOnePort(String version) throws Exception {
    int port = bind(entrances.forHttp(1));
    try (TlsClient secret = TlsClient.of(TcpClient.from("127.0.0.2", port), version);
        TcpClient open = TcpClient.from("127.0.0.3", port)) {
      assertThat(secret.say("secret")).isEqualTo(secret.address() + " secret");
      assertThat(say(open, "open")).isEqualTo(open.address() + " open");
    }
    assertThat(counters.of(Event.CONNECTIONS_TLS)).isEqualTo(1);
  }

  @Test
  void carriesMegabytesThroughTls() throws Exception {
    int port = bind(entrances.forHttp(1), visitor -> "");
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      for (int i = 0; i < 100; i++) {
        String line = Integer.toString(i).repeat(4_000);
        assertThat(client.say(line)).endsWith(line.substring(line.length() - 9));
      }
    }
  }

  @Test
  void releasesAConnectionWhoseTlsWasClosed() throws Exception {
    int port = bind(entrances.forHttp(1));
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      client.say("x");
      assertThat(quota.held()).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(quota.held()).isZero());
    assertThat(counters.of(DropReason.TLS_BROKEN)).isZero();
  }

  @Test
  void refusesTlsThatIsTooOld() {
    int port = bind(entrances.forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      // A ClientHello of TLS 1.1, cut to the fields that every server reads.
      byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 2 + 2];
      byte[] begin = {0x16, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9)};
      System.arraycopy(begin, 0, hello, 0, begin.length);
      hello[9] = 3;
      hello[10] = 2;
      hello[hello.length - 5] = 2;
      hello[hello.length - 3] = 0x2F;
      hello[hello.length - 2] = 1;
      client.sendRaw(hello).receiveAll();
    }
    await().untilAsserted(() -> assertThat(counters.of(DropReason.TLS_BROKEN)).isEqualTo(1));
    await().untilAsserted(() -> assertThat(quota.held()).isZero());
  }

  @Test
  void closesTlsGarbageAndServesOthers() throws Exception {
    int port = bind(entrances.forHttp(1));
    Random random = new Random(3);
    try (TlsClient other = TlsClient.of(TcpClient.from("127.0.0.3", port), "TLSv1.3")) {
      other.say("before");
      for (int i = 0; i < 20; i++) {
        byte[] garbage = new byte[400];
        random.nextBytes(garbage);
        garbage[0] = 0x16;
        try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
          client.sendRaw(garbage).receiveAll();
        }
      }
      assertThat(other.say("after")).endsWith("after");
      await().untilAsserted(() -> assertThat(quota.held()).isEqualTo(1));
    }
    assertThat(counters.of(DropReason.TLS_BROKEN) + counters.of(DropReason.CONNECTION_SILENT))
        .isEqualTo(20);
    assertThat(counters.of(DropReason.TLS_BROKEN)).isPositive();
  }

  @Test
  void closesHalfAHandshakeInTime() {
    int port = bind(entrances.forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      client.sendRaw(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3}).receiveAll();
    }
    await().untilAsserted(() -> assertThat(quota.held()).isZero());
    assertThat(counters.of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void closesAConnectionThatSaysNothingInTls() throws Exception {
    int port = bind(entrances.forHttp(1));
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      client.shakeHands();
      assertThat(client.isEnded()).isTrue();
    }
    assertThat(counters.of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void closesAConnectionThatSaysNothing() {
    int port = bind(entrances.forHttp(1));
    try (TcpClient client = TcpClient.from("127.0.0.2", port)) {
      assertThat(client.receiveAll()).isEmpty();
    }
    assertThat(counters.of(DropReason.CONNECTION_SILENT)).isEqualTo(1);
  }

  @Test
  void forgetsAProbeWithoutCountingADrop() {
    int port = bind(entrances(true).forHttp(1));
    TcpClient.from("127.0.0.2", port).close();
    TcpClient.from(PROXY, port).close();
    await().untilAsserted(() -> assertThat(counters.of(Event.CONNECTIONS_ACCEPTED)).isEqualTo(2));
    await().untilAsserted(() -> assertThat(quota.held()).isZero());
    for (DropReason reason : DropReason.values()) {
      assertThat(counters.of(reason)).as(reason.label()).isZero();
    }
  }

  @Test
  void takesThePROXYHeaderBeforeTls() throws Exception {
    int port = bind(entrances(true).forHttp(1));
    TcpClient proxy = TcpClient.from(PROXY, port).sendRaw(v2("203.0.113.7", 54321, 0));
    try (TlsClient client = TlsClient.of(proxy, "TLSv1.3")) {
      assertThat(client.say("x")).isEqualTo("203.0.113.7:54321 x");
    }
  }

  @Test
  void requiresTlsOfStrangers() {
    // All of 127.0.0.0/8 is this machine: what a stranger gets is decided without a socket.
    Visitor stranger =
        Visitor.admit(
                PeerAddress.v4(0xCB007107, 5),
                true,
                quota,
                entrances.trusted(),
                entrances.standIns(),
                counters)
            .orElseThrow();
    ByteString said =
        Source.single(ByteString.fromString("GET / HTTP/1.1"))
            .via(entrances.forHttps(1).flow(stranger, visitor -> Flow.of(ByteString.class)))
            .runFold(ByteString.emptyByteString(), ByteString::concat, kit.system())
            .toCompletableFuture()
            .join();
    assertThat(said.isEmpty()).isTrue();
    assertThat(counters.of(DropReason.TLS_MISSING)).isEqualTo(1);
  }

  @Test
  void takesPlainConnectionsOfATrustedProxyWhereTlsIsRequired() {
    int port = bind(entrances.forHttps(1));
    try (TcpClient proxy = TcpClient.from(PROXY, port)) {
      assertThat(say(proxy, "x")).endsWith(" x");
    }
  }

  @Test
  void servesNewConnectionsWithANewCertificateAndKeepsOldConnections() throws Exception {
    int port = bind(entrances.forHttp(1));
    watch();
    try (TlsClient before = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      before.say("x");
      assertThat(before.certificateName()).isEqualTo("CN=first.example");
      TestCertificate.of("second.example", "RSA").writeTo(folder);
      await().untilAsserted(() -> assertThat(nameAt(port)).isEqualTo("CN=second.example"));
      assertThat(before.say("still here")).endsWith("still here");
    }
    assertThat(counters.of(Event.CERTIFICATES_RELOADED)).isEqualTo(1);
  }

  @Test
  void keepsTheOldCertificateWhenTheNewFilesCannotBeUsed() throws Exception {
    int port = bind(entrances.forHttp(1));
    watch();
    Files.writeString(files.certificate(), TestCertificate.of("second.example", "RSA").chain());
    await().untilAsserted(() -> assertThat(counters.of(Event.CERTIFICATES_REFUSED)).isEqualTo(1));
    assertThat(nameAt(port)).isEqualTo("CN=first.example");
    Files.delete(files.key());
    await().untilAsserted(() -> assertThat(counters.of(Event.CERTIFICATES_REFUSED)).isEqualTo(2));
    assertThat(nameAt(port)).isEqualTo("CN=first.example");
    TestCertificate.of("third.example", "EC").writeTo(folder);
    await().untilAsserted(() -> assertThat(nameAt(port)).isEqualTo("CN=third.example"));
  }

  private void watch() {
    watch =
        Optional.of(
            kit.spawn(
                CertificateWatch.create(files, certificate, Duration.ofMillis(50), counters)));
  }

  private static String nameAt(int port) throws IOException {
    try (TlsClient client = TlsClient.of(TcpClient.from("127.0.0.4", port), "TLSv1.3")) {
      client.say("x");
      return client.certificateName();
    }
  }

  @Test
  void givesEachClientOfATrustedProxyItsIpAndAPortOfItsOwn() {
    int port = bind(entrances.forHttp(1), EntranceTest::requested);
    try (TcpClient first = TcpClient.from(PROXY, port);
        TcpClient second = TcpClient.from(PROXY, port)) {
      String one = say(first, "x");
      String two = say(second, "x");
      assertThat(List.of(one, two)).allMatch(text -> text.startsWith("203.0.113.7:"));
      assertThat(one).isNotEqualTo(two);
      assertThat(entrances.standIns().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(entrances.standIns().taken()).isZero());
    assertThat(counters.of(Event.CONNECTIONS_PROXIED)).isEqualTo(2);
  }

  @Test
  void countsAClientOfATrustedProxyTowardsTheLimitOfItsAddress() {
    int port = bind(entrances.forHttp(1), EntranceTest::requested);
    try (TcpClient first = TcpClient.from(PROXY, port);
        TcpClient second = TcpClient.from(PROXY, port);
        TcpClient third = TcpClient.from(PROXY, port)) {
      say(first, "x");
      say(second, "x");
      assertThat(say(third, "x")).startsWith("refused");
      assertThat(counters.of(DropReason.CONNECTION_PER_ADDRESS)).isEqualTo(1);
      assertThat(entrances.standIns().taken()).isEqualTo(2);
    }
    await().untilAsserted(() -> assertThat(quota.held()).isZero());
    assertThat(entrances.standIns().taken()).isZero();
  }

  @Test
  void believesNoHeaderOfAStranger() {
    int port = bind(entrances.forHttp(1), EntranceTest::requested);
    try (TcpClient stranger = TcpClient.from("127.0.0.2", port)) {
      assertThat(say(stranger, "x")).startsWith(stranger.address().toString());
    }
    assertThat(counters.of(Event.FORWARDING_IGNORED)).isEqualTo(1);
    assertThat(counters.of(Event.CONNECTIONS_PROXIED)).isZero();
  }

  @Test
  void countsAClientThatDoesNotTakeTheCertificate() throws Exception {
    int port = bind(entrances.forHttp(1));
    assertThatThrownBy(() -> TlsClient.verifying(TcpClient.from("127.0.0.2", port)).say("x"))
        .isInstanceOf(SSLHandshakeException.class);
    await().untilAsserted(() -> assertThat(counters.of(DropReason.TLS_BROKEN)).isEqualTo(1));
  }

  private static String requested(Visitor visitor) {
    return visitor
        .requestedBy(new ForwardingHeaders(List.of("203.0.113.7"), List.of(), List.of()))
        .map(Object::toString)
        .orElse("refused");
  }
}
