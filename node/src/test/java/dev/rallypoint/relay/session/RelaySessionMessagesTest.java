package dev.rallypoint.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.testing.LaterVersion;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelaySessionMessagesTest {
  static final Ticket TICKET = Ticket.draw(new Random(7));

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "relay-messages",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load("cluster")));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static Stream<ClusterMessage> messages() {
    LegRef a = new LegRef(KIT.createTestProbe(SessionReply.class).getRef(), 4);
    LegRef b = new LegRef(KIT.createTestProbe(SessionReply.class).getRef(), 1L << 40);
    BackhaulAddress address = new BackhaulAddress("node-2.example.org", 25_521);
    return Stream.of(
        new RelaySession.Join(a, SessionSide.A, 2, address),
        new RelaySession.Join(b, SessionSide.B, 0, BackhaulAddress.NONE),
        new RelaySession.Left(a),
        new RelaySession.Resumed(a, a, b),
        new RelaySession.Ended(b, EndReason.STALLED, 1L << 40),
        new SessionReply.Waits(4),
        new SessionReply.Introduced(4, "u", a, b, 2, TICKET, address),
        new SessionReply.Introduced(4, "u", a, a, 2, Ticket.NONE, BackhaulAddress.NONE),
        new SessionReply.Refused(4, true),
        new SessionReply.Expired(4),
        new SessionReply.Noted(4),
        new SessionReply.Asked(0, "u", KIT.createTestProbe(RelaySession.Command.class).getRef()),
        new RelaySession.Unknown(a.home()),
        new SessionReply.Over(4),
        new RelayDirectory.Announced(
            KIT.createTestProbe(RelayDirectory.Command.class).getRef(), "r1.example.org", true, 9));
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

  @Test
  void noMessageBetweenNodesHoldsRelayedBytes() {
    JavaClasses relay = new ClassFileImporter().importPackages("dev.rallypoint.relay");
    List<Class<?>> messages =
        relay.stream()
            .filter(type -> type.isAssignableTo(ClusterMessage.class) && !type.isInterface())
            .filter(type -> !type.getFullName().contains("Test"))
            .<Class<?>>map(JavaClass::reflect)
            .toList();

    // Every type is one of those above, and what it holds is of these types and no others.
    assertThat(messages().map(Object::getClass).filter(type -> !isOfTheDirectory(type)))
        .containsAll(messages);
    assertThat(messages)
        .flatMap(type -> List.of(type.getRecordComponents()))
        .extracting(RecordComponent::getType)
        .isSubsetOf(
            long.class,
            int.class,
            boolean.class,
            String.class,
            LegRef.class,
            SessionSide.class,
            EndReason.class,
            BackhaulAddress.class,
            Ticket.class,
            ActorRef.class);
  }

  private static boolean isOfTheDirectory(Class<?> type) {
    return type.getPackageName().endsWith("cluster");
  }

  @Test
  void aTicketIsNotShown() {
    String secret = TICKET.bytes().toString();
    String contents = secret.substring(secret.indexOf("contents"));

    assertThat(messages().map(Object::toString)).noneMatch(text -> text.contains(contents));
    assertThat(new Ticket(ByteString.EMPTY)).hasToString("Ticket[none]");
  }
}
