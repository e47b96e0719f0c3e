package dev.rallypoint.testing;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.Deploy;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.cluster.ClusterUserAction;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.remote.RemoteScope;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import scala.Option;

/** An attacker's actor system, which speaks to a node on 127.0.0.1 as another node would. */
public final class ForeignSystem implements AutoCloseable {
  private final ActorSystem system;

  /**
   * @param certificate what it shows; empty to speak in clear
   */
  public ForeignSystem(Optional<ClusterCertificate> certificate) {
    BootstrapSetup pekko =
        BootstrapSetup.create(
            ConfigFactory.parseMap(
                    Map.of(
                        // Not as a node: a cluster's member deploys on other members only.
                        "pekko.actor.provider",
                        "remote",
                        "pekko.remote.use-unsafe-remote-features-outside-cluster",
                        "on",
                        "pekko.remote.artery.transport",
                        certificate.isPresent() ? "tls-tcp" : "tcp"))
                .withFallback(ConfigFactory.load("cluster")));
    ActorSystemSetup setup = ActorSystemSetup.create(pekko);
    if (certificate.isPresent()) {
      setup = setup.and(SSLEngineProviderSetup.create(own -> new Engines(certificate.get())));
    }
    this.system = ActorSystem.create("rallypoint", setup);
  }

  /** An actor that a node shall make. */
  public static final class Planted extends AbstractActor {
    @Override
    public Receive createReceive() {
      return emptyBehavior();
    }
  }

  private record Engines(ClusterCertificate certificate) implements SSLEngineProvider {
    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
      return certificate.engine(false);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
      return certificate.engine(true);
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
      return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
      return Option.empty();
    }
  }

  /** Tells a node that it is removed from its cluster. */
  public void down(int port) {
    select(port, "cluster/core/daemon")
        .tell(new ClusterUserAction.Down(address(port)), ActorRef.noSender());
  }

  /** Stops a system actor of a node. */
  public void poison(int port, String name) {
    select(port, name).tell(PoisonPill.getInstance(), ActorRef.noSender());
  }

  /** Has a node make an actor, and returns it when that was done. */
  public Optional<ActorRef> deploy(int port) {
    ActorRef planted =
        system.actorOf(
            Props.create(Planted.class).withDeploy(new Deploy(new RemoteScope(address(port)))));
    // Behind the order to make it, on the same way.
    ActorIdentity answer =
        (ActorIdentity)
            Patterns.ask(planted, new Identify(1), Duration.ofSeconds(30))
                .toCompletableFuture()
                .join();
    return answer.getActorRef();
  }

  private ActorSelection select(int port, String systemActor) {
    return system.actorSelection(address(port) + "/system/" + systemActor);
  }

  private static Address address(int port) {
    return new Address("pekko", "rallypoint", "127.0.0.1", port);
  }

  @Override
  public void close() {
    system.terminate();
    Termination.await(system.getWhenTerminated());
  }
}
