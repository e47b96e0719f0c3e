package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.TestAuthority;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.nio.file.Path;
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

  private void assertStaysOut(Optional<ClusterCertificate> certificate) {
    assertThatThrownBy(() -> start(certificate))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("takes connections and does not answer")
        .hasMessageContaining("all nodes or none must have cluster-tls-certificate")
        .message()
        .hasLineCount(1);
  }

  @Test
  void joinWithKeysOfAnyFamily() {
    start(shown(authority, "a", "RSA"));
    start(shown(authority, "b", "EC"));
    BareNode third = start(shown(authority, "c", "Ed25519"));
    await().atMost(ofSeconds(30)).until(() -> third.members().size() == 3);
  }

  @Test
  void keepOutWhoIsOfAnotherAuthorityOrSpeaksInClear() {
    BareNode first = start(shown(authority, "a", "EC"));
    assertStaysOut(shown(new TestAuthority(), "b", "EC"));
    assertStaysOut(Optional.empty());
    assertThat(first.members()).hasSize(1);
  }
}
