package dev.rallypoint.transport;

import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What the ways into a node have in common: the proxies it trusts, the ports it lends their
 * clients, its certificate, and the memory for what is not whole yet.
 */
public final class PortPolicies {
  private final ProxySettings proxies;
  private final Networks trusted;
  private final Optional<? extends Supplier<SSLContext>> certificate;
  private final Duration patience;
  private final Counters counters;
  private final SyntheticPorts standIns;
  private final FrameMemory memory;
  private final HandlerFaults faults;

  /**
   * @param certificate gives the certificate for the next connection; empty without TLS
   * @param patience how long a connection may take to say what it begins with, and again for TLS
   *     and the first bytes in it
   * @param standIns the ports lent to clients of proxies, one for all entrances
   */
  public PortPolicies(
      ProxySettings proxies,
      Optional<? extends Supplier<SSLContext>> certificate,
      Duration patience,
      SyntheticPorts standIns,
      Counters counters) {
    this(proxies, certificate, patience, standIns, counters, FrameMemory.ofHeap());
  }

  /**
   * The same.
   *
   * @param memory what all connections share for frames that are not whole yet
   */
  public PortPolicies(
      ProxySettings proxies,
      Optional<? extends Supplier<SSLContext>> certificate,
      Duration patience,
      SyntheticPorts standIns,
      Counters counters,
      FrameMemory memory) {
    this.proxies = proxies;
    this.trusted = new Networks(proxies.trusted());
    this.certificate = certificate;
    this.patience = patience;
    this.standIns = standIns;
    this.counters = counters;
    this.memory = memory;
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

  SyntheticPorts standIns() {
    return standIns;
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
