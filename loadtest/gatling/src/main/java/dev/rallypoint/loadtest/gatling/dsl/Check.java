package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import io.gatling.javaapi.core.Session;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A condition on an answer. One that does not hold is a KO with {@code check failed: NAME}.
 *
 * @param name the same for all users
 * @param holds the condition on the answer and the attributes of the user
 */
public record Check(String name, BiPredicate<RendezvousMessage, Session> holds) {

  /** A condition on the answer alone. */
  public static Check check(String name, Predicate<RendezvousMessage> holds) {
    return new Check(name, (answer, session) -> holds.test(answer));
  }
}
