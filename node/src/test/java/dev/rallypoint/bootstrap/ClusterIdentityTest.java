package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.MessageFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.ConfigValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterIdentityTest {
  private static final ClusterIdentity OWN = ClusterIdentity.of("a", Optional.of("key"), "sesame");

  private static NodeIdentity node(ClusterIdentity of, DatabaseMatch match) {
    return node(of, match, MessageFormat.CURRENT);
  }

  private static NodeIdentity node(ClusterIdentity of, DatabaseMatch match, int format) {
    return new NodeIdentity(
        "127.0.0.1:25520", true, of.cluster(), of.key(), of.access(), of.database(), match, format);
  }

  private static NodeIdentity node(ClusterIdentity of) {
    return node(of, DatabaseMatch.COMMON);
  }

  private static ConfigValidation check(ClusterIdentity bootstrap) {
    return new ClusterIdentityCheck().check(bootstrap.config(), OWN.config());
  }

  private static String kind(ConfigValidation validation) {
    return validation.getClass().getSimpleName();
  }

  @Test
  void isReachedWithTheSameOnAllNodes() {
    ClusterIdentity same = ClusterIdentity.of("a", Optional.of("key"), "sesame");
    assertThat(OWN.refusalBy(node(same))).isEmpty();
    assertThat(kind(check(same))).isEqualTo("Valid$");
  }

  @ParameterizedTest
  @CsvSource({
    "b,key,sesame,none,cluster-name",
    "a,other,sesame,none,key",
    "a,key,other,none,key",
    "a,key,'',none,key",
    "a,key,sesame,another,db-url"
  })
  void isMissedWithAnythingElse(
      String cluster, String key, String access, String database, String setting) {
    ClusterIdentity other = ClusterIdentity.of(cluster, Optional.of(key), access).in(database);
    assertThat(OWN.refusalBy(node(other)).orElseThrow().setting()).isEqualTo(setting);
    assertThat(kind(check(other))).isEqualTo("Invalid");
  }

  @Test
  void isMissedWithACopyOfTheDatabase() {
    assertThat(OWN.refusalBy(node(OWN, DatabaseMatch.OTHER)).orElseThrow().getMessage())
        .startsWith("db-url = the database none: the node 127.0.0.1:25520 has another database");
  }

  @ParameterizedTest
  @ValueSource(ints = {MessageFormat.CURRENT - 1, MessageFormat.CURRENT + 1})
  void isReachedWithANeighbouringFormat(int format) {
    assertThat(OWN.refusalBy(node(OWN, DatabaseMatch.COMMON, format))).isEmpty();
  }

  @Test
  void isMissedWithAFormatTwoAhead() {
    int ahead = MessageFormat.CURRENT + 2;
    assertThat(OWN.refusalBy(node(OWN, DatabaseMatch.COMMON, ahead)).orElseThrow().getMessage())
        .startsWith("version = format " + MessageFormat.CURRENT)
        .contains("the node 127.0.0.1:25520 speaks format " + ahead);
  }

  @Test
  void isMissedByANodeThatSaysNothing() {
    assertThat(
            kind(new ClusterIdentityCheck().check(ConfigFactory.parseMap(Map.of()), OWN.config())))
        .isEqualTo("Invalid");
  }

  @Test
  void showsNoSecret() {
    assertThat(OWN + OWN.config().toString()).doesNotContain("sesame");
  }

  @Test
  void comesWholeToTheOtherNode() {
    ActorTestKit kit = ActorTestKit.create("identity", ConfigFactory.load("cluster"));
    try {
      TestProbe<NodeIdentity> asker = kit.createTestProbe();
      var serialization = kit.serializationTestKit();
      serialization.verifySerialization(
          new IdentityResponder.GetIdentity("join-1", asker.getRef()), true);
      serialization.verifySerialization(node(OWN, DatabaseMatch.UNKNOWN), true);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
