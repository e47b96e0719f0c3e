package dev.rallypoint.transport;

import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.DescriptorBudget;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What all ports of a node share: the trusted proxies, the ports for their clients, the
 * certificate, the counters, and the limits on memory and file descriptors.
 */
public final class PortPolicies {
  private final ProxySettings proxies;
  private final Networks trusted;
  private final Optional<? extends Supplier<SSLContext>> certificate;
  private final Duration patience;
  private final SyntheticPorts syntheticPorts;
  private final Counters counters;
  private final FrameMemory memory;
  private final DescriptorBudget descriptors;
  private final HandlerFaults faults;

  /**
   * @param certificate gives the certificate for the next connection; empty without TLS
   * @param patience how long a PROXY header and the first byte behind it may take, and again a TLS
   *     handshake and the first bytes in it
   * @param memory what all connections share for frames that are not whole yet
   */
  public PortPolicies(
      ProxySettings proxies,
      Optional<? extends Supplier<SSLContext>> certificate,
      Duration patience,
      SyntheticPorts syntheticPorts,
      Counters counters,
      FrameMemory memory,
      DescriptorBudget descriptors) {
    this.proxies = proxies;
    this.trusted = new Networks(proxies.trusted());
    this.certificate = certificate;
    this.patience = patience;
    this.syntheticPorts = syntheticPorts;
    this.counters = counters;
    this.memory = memory;
    this.descriptors = descriptors;
    this.faults = new HandlerFaults(counters, Ticker.SYSTEM);
  }

  /** A port of the clients' own protocol, which has no TLS. */
  public PortPolicy forFrames(int port) {
    return new PortPolicy(this, port, PortPolicy.Tls.NEVER);
  }

  /** A port for HTTP, with TLS beside plain connections when there is a certificate. */
  public PortPolicy forHttp(int port) {
    return new PortPolicy(this, port, PortPolicy.Tls.OFFERED);
  }

  /** A port for HTTP with TLS; plain only from this machine and from trusted proxies. */
  public PortPolicy forHttps(int port) {
    return new PortPolicy(this, port, PortPolicy.Tls.REQUIRED);
  }

  /** Whether connections of trusted proxies to a port begin with a PROXY protocol header. */
  public boolean isHeaderExpectedOn(int port) {
    return proxies.isHeaderExpectedOn(port);
  }

  /** The trusted proxies. */
  public Networks trusted() {
    return trusted;
  }

  SyntheticPorts syntheticPorts() {
    return syntheticPorts;
  }

  Duration patience() {
    return patience;
  }

  /** The node's counters. */
  public Counters counters() {
    return counters;
  }

  /** What all connections of the node share for frames that are not whole yet. */
  public FrameMemory memory() {
    return memory;
  }

  /** How many connections each part of the node may have where the settings leave it open. */
  public DescriptorBudget descriptors() {
    return descriptors;
  }

  /** What becomes of faults in the handling of one item, for the whole node. */
  public HandlerFaults faults() {
    return faults;
  }

  boolean hasCertificate() {
    return certificate.isPresent();
  }

  /** The server's side of one TLS connection, TLS 1.2 or 1.3. */
  SSLEngine engine() {
    SSLEngine engine = certificate.orElseThrow().get().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }
}
