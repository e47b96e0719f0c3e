package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.bootstrap.IdentityResponder.GetIdentity;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.testing.LaterVersion;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a newcomer and a member of another version say to each other. */
class IdentityResponderMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "greeter-messages",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load("cluster")));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static Stream<ClusterMessage> messages() {
    return Stream.of(
        new GetIdentity(KIT.createTestProbe(NodeIdentity.class).getRef()),
        new NodeIdentity("127.0.0.1:25520", true, "rallypoint", "key", "access", "database"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesTheWireUnchanged(ClusterMessage message) {
    KIT.serializationTestKit().verifySerialization(message, true);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isUnderstoodFromALaterVersionThatSaysMore(ClusterMessage message) {
    assertThat(LaterVersion.sends(KIT.system(), message)).isEqualTo(message);
  }
}
