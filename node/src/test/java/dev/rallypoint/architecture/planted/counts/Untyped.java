package dev.rallypoint.architecture.planted.counts;

import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** Has a field and two parameters that are untyped, and others that are not. */
abstract class Untyped<T> {
  final ActorRef<Object> field;
  final ActorRef<String> typed;

  Untyped(ActorRef<Object> field, ActorRef<String> typed) {
    this.field = field;
    this.typed = typed;
  }

  abstract void direct(ActorRef<Object> parameter, ActorRef<T> variable);

  abstract void nested(Consumer<List<ActorRef<Object>>> parameter, List<Object> objects);
}
