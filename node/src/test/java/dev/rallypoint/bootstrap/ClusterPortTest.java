package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.bootstrap.port.ClusterPort;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.ForeignSystem;
import dev.rallypoint.testing.ListeningPorts;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger can do who reaches the port for messages between nodes. */
class ClusterPortTest {
  private static final String HERE = "127.0.0.1";

  /** The beginning of a TLS record that has 512 bytes. */
  private static final byte[] BEGUN_HELLO = HexFormat.of().parseHex("1603010200010001fc0303");

  private final String url = TestPostgres.database();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T kept(T one) {
    opened.add(one);
    return one;
  }

  private BareNode node() {
    return kept(BareNode.start(url, HERE, 0));
  }

  private static boolean isEnded(BareNode node) {
    return node.system().getWhenTerminated().toCompletableFuture().isDone();
  }

  private void assertIsLeftAlone(Optional<ClusterCertificate> stranger) {
    BareNode node = node();
    ForeignSystem foreign = kept(new ForeignSystem(stranger));
    foreign.down(node.port());
    foreign.poison(node.port(), "identity");
    await().atMost(ofSeconds(60)).until(() -> node.counters().of(DropReason.TLS_BROKEN) > 0);
    // An honest node needs both of what was attacked.
    BareNode second = node();
    assertThat(isEnded(node)).isFalse();
    await().atMost(ofSeconds(60)).until(() -> second.members().size() == 2);
  }

  @Test
  void isDeafToWhoHasNoCertificate() {
    assertIsLeftAlone(Optional.empty());
  }

  @Test
  void isDeafToWhoHasACertificateOfAnotherPair() {
    SigningKey other = SigningKey.generate(new SecureRandom());
    assertIsLeftAlone(Optional.of(ClusterCertificate.derivedFrom(other)));
  }

  /** So the attack above is one, where the operator has asked for it. */
  @Test
  void obeysAnybodyInClear() {
    BareNode node = kept(BareNode.start(url, HERE, 0, BareNode.IDENTITY, Optional.empty()));
    kept(new ForeignSystem(Optional.empty())).down(node.port());
    await().atMost(ofSeconds(60)).until(() -> isEnded(node));
  }

  @Test
  void makesNoActorForAnotherNode() {
    BareNode node = kept(BareNode.start(url, HERE, 0, BareNode.IDENTITY, Optional.empty()));
    assertThat(kept(new ForeignSystem(Optional.empty())).deploy(node.port())).isEmpty();
    assertThat(isEnded(node)).isFalse();
  }

  @Test
  void isFreeBeforeTheActorSystemTerminates() {
    BareNode node = BareNode.start(url, HERE, 0);
    int port = node.port();
    CompletableFuture<Boolean> isFreeBefore = new CompletableFuture<>();
    CoordinatedShutdown.get(node.system())
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "bind",
            () -> {
              Thread.startVirtualThread(() -> {
                await().atMost(ofSeconds(60)).until(() -> canBind(port));
                isFreeBefore.complete(!isEnded(node));
              });
              return isFreeBefore.thenApply(answer -> Done.getInstance());
            });
    node.close();
    assertThat(isFreeBefore).succeedsWithin(ofSeconds(60)).isEqualTo(true);
  }

  private static boolean canBind(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(HERE, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  @Test
  void closesWhoProvesNothingAndTakesANodeBeside() throws Exception {
    BareNode first = node();
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 2 * ClusterPort.MAX_PENDING; i++) {
      Socket socket = kept(new Socket(HERE, first.port()));
      if (i % 2 == 0) {
        socket.getOutputStream().write(BEGUN_HELLO);
      }
      silent.add(socket);
    }
    BareNode second = node();
    await().atMost(ofSeconds(60)).until(() -> second.members().size() == 2);
    for (Socket socket : silent) {
      assertThat(isClosed(socket)).isTrue();
    }
    assertThat(first.counters().of(DropReason.CLUSTER_PORT_LIMIT)).isPositive();
    await()
        .atMost(ofSeconds(60))
        .until(() -> first.counters().of(DropReason.CONNECTION_SILENT) > 0);
  }

  /** Waits for the end of a connection. */
  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout((int) ofSeconds(30).toMillis());
    InputStream in = socket.getInputStream();
    try {
      return in.readAllBytes().length < BEGUN_HELLO.length; // an alert at most
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isNotThereForANodeThatIsAlone() {
    Set<Integer> before = ListeningPorts.ofThisProcess();
    TestNode node = kept(TestNode.start(TestSettings.in(folder)));
    Set<Integer> opened = new TreeSet<>(ListeningPorts.ofThisProcess());
    opened.removeAll(before);
    int port = node.port();
    assertThat(opened).containsExactly(port - 1, port, port + 1, port + 2, port + 3);
  }
}
