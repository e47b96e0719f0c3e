package dev.rallypoint.bootstrap.port;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.artery.tcp.ArteryTcpTransport;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.scaladsl.Tcp;
import org.apache.pekko.util.ByteString;
import scala.Option;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * The receiving side of Artery over TCP. Pekko cannot be told to start it without a listener, nor
 * has its listener any bound on connections that prove nothing. So Artery's listener is closed here
 * as soon as the actor system is made, and connections come from elsewhere. Two private methods of
 * Pekko's class are called for it: a start fails when a version of Pekko does not have them.
 */
public final class ArteryInbound {
  private static final MethodHandle BINDING = privateMethod("serverBinding", Option.class);
  private static final MethodHandle FLOW = privateMethod("inboundConnectionFlow", Future.class);

  private final ArteryTcpTransport transport;

  /** The receiving side of an actor system. */
  public ArteryInbound(ActorSystem<?> system) {
    ExtendedActorSystem classic = (ExtendedActorSystem) system.classicSystem();
    RemoteActorRefProvider provider = (RemoteActorRefProvider) classic.provider();
    this.transport = (ArteryTcpTransport) provider.transport();
  }

  /** Closes the listener; returns once it is closed. */
  public void closeListener() {
    Tcp.ServerBinding binding = (Tcp.ServerBinding) ((Option<?>) call(BINDING)).get();
    FutureConverters.asJava(binding.unbind()).toCompletableFuture().join();
  }

  /** The flow for the bytes of one connection. It sends nothing back. */
  @SuppressWarnings("unchecked") // as it is declared in Pekko
  CompletionStage<Flow<ByteString, ByteString, NotUsed>> connectionFlow() {
    var flow =
        (Future<org.apache.pekko.stream.scaladsl.Flow<ByteString, ByteString, NotUsed>>) call(FLOW);
    return FutureConverters.asJava(flow).thenApply(Flow::fromGraph);
  }

  private Object call(MethodHandle method) {
    try {
      return method.invoke(transport);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle privateMethod(String name, Class<?> result) {
    try {
      return MethodHandles.privateLookupIn(ArteryTcpTransport.class, MethodHandles.lookup())
          .findVirtual(ArteryTcpTransport.class, name, MethodType.methodType(result));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of Pekko is not known", e);
    }
  }
}
