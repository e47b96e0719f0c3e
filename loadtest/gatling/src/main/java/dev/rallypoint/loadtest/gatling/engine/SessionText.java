package dev.rallypoint.loadtest.gatling.engine;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.function.Function;

/** A text of a scenario in Gatling's expression language, such as {@code "#{id}"}. */
public final class SessionText {
  private final Function<Session, String> value;

  private SessionText(Function<Session, String> value) {
    this.value = value;
  }

  /** Compiles an expression. */
  public static SessionText of(String expression) {
    return new SessionText(
        Expressions.expressionToJavaFunction(Expressions.toStringExpression(expression)));
  }

  /** A text that a function makes of a user's attributes. */
  public static SessionText of(Function<Session, String> function) {
    return new SessionText(function);
  }

  /**
   * The text for a user.
   *
   * @throws RuntimeException when an attribute is missing
   */
  public String of(Session session) {
    return value.apply(session);
  }
}
