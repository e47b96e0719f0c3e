package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.TestAuthority;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that show each other certificates. */
class ClusterTlsTest {
  private final TestAuthority authority = new TestAuthority();
  private final String url = TestPostgres.database();
  private final List<BareNode> nodes = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void end() {
    nodes.forEach(BareNode::kill);
  }

  private BareNode start(Optional<ClusterCertificate> certificate) {
    BareNode node = BareNode.start(url, "127.0.0.1", 0, BareNode.IDENTITY, certificate);
    nodes.add(node);
    return node;
  }

  private Optional<ClusterCertificate> shown(TestAuthority by, String name, String family) {
    return Optional.of(ClusterCertificate.load(by.writeTo(folder.resolve(name), family)));
  }

  private void assertStaysOut(Optional<ClusterCertificate> certificate, String... words) {
    assertThatThrownBy(() -> start(certificate))
        .isInstanceOf(SettingException.class)
        .hasMessageContainingAll(words)
        .message()
        .hasLineCount(1);
  }

  @Test
  void joinWithKeysOfAnyFamily() {
    start(shown(authority, "a", "RSA"));
    start(shown(authority, "b", "EC"));
    BareNode third = start(shown(authority, "c", "Ed25519"));
    await().atMost(ofSeconds(60)).until(() -> third.members().size() == 3);
  }

  @Test
  void keepOutWhoIsOfAnotherAuthorityOrSpeaksInClear() {
    BareNode first = start(shown(authority, "a", "EC"));
    assertStaysOut(shown(new TestAuthority(), "b", "EC"), "is signed by 'authority-");
    assertStaysOut(
        Optional.empty(),
        "takes connections and does not answer",
        "cluster-plaintext and cluster-tls-certificate must be written on all nodes or none");
    assertThat(first.members()).hasSize(1);
  }

  @Test
  void makeCertificatesFromTheKeyPairThatTheyHave() {
    start(derived(TestNode.KEYS));
    BareNode second = start(derived(TestNode.KEYS));
    await().atMost(ofSeconds(60)).until(() -> second.members().size() == 2);
  }

  @Test
  void keepOutWhoHasAnotherKeyPairAndNamesBoth() {
    SigningKey other = SigningKey.generate(new SecureRandom());
    BareNode first = start(derived(TestNode.KEYS));
    assertStaysOut(
        derived(other),
        "is signed by 'rallypoint " + TestNode.KEYS.publicKey().text() + "'",
        "that of this one by 'rallypoint " + other.publicKey().text() + "'",
        "give all nodes one key pair");
    assertThat(first.members()).hasSize(1);
    assertThat(first.counters().of(DropReason.TLS_BROKEN)).isPositive();
  }

  private static Optional<ClusterCertificate> derived(SigningKey pair) {
    return Optional.of(ClusterCertificate.derivedFrom(pair));
  }
}
