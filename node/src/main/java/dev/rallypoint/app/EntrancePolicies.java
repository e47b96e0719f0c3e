package dev.rallypoint.app;

import dev.rallypoint.app.management.NodeReadings;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.tls.Certificate;
import dev.rallypoint.transport.tls.CertificateWatch;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** By which rules a node's ports take connections of clients. */
final class EntrancePolicies {
  private static final Duration CERTIFICATE_LOOKS = Duration.ofSeconds(2);

  private EntrancePolicies() {}

  /**
   * The rules of a node.
   *
   * @param loaded the certificate for clients, where there is one; it is read again when its files
   *     change
   */
  static PortPolicies of(
      ClusterBootstrap bootstrap,
      NodeSettings settings,
      Optional<Certificate> loaded,
      Counters counters) {
    ActorSystem<?> system = bootstrap.system();
    Optional<AtomicReference<Certificate>> certificate =
        settings
            .entrance()
            .tls()
            .map(files -> {
              AtomicReference<Certificate> current = new AtomicReference<>(loaded.orElseThrow());
              current.get().problem().ifPresent(CertificateWatch::warn);
              new NodeReadings(system, counters)
                  .showCertificate("clients", () -> current.get().end());
              new VitalPart(system, "certificate-watch")
                  .spawn(
                      CertificateWatch.create(files, current, CERTIFICATE_LOOKS, counters),
                      "certificate-watch",
                      DispatcherSelector.blocking());
              return current;
            });
    return new PortPolicies(
        settings.entrance().proxies(),
        certificate.map(current -> () -> current.get().context()),
        settings.rendezvous().firstFrame(),
        new SyntheticPorts(() -> Members.countOlder(system), new SecureRandom()),
        counters,
        FrameMemory.ofHeap(),
        NodePorts.descriptors(settings, bootstrap.address().isPresent()));
  }
}
