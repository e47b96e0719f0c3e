package dev.rallypoint.transport;

import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.policy.limit.DescriptorBudget;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What all ports of a node share.
 *
 * @param proxies the trusted proxies, and where their connections begin with a PROXY header
 * @param certificate gives the certificate for the next connection; empty without TLS
 * @param handshakeTimeout how long a PROXY header and the first byte behind it may take, and again
 *     a TLS handshake and the first bytes in it; and how long answers may wait unread
 * @param syntheticPorts the ports for clients of proxies
 * @param limits the limits that all connections share
 * @param descriptors how many connections each part of the node may have where the settings leave
 *     it open
 * @param faults what becomes of faults in the handling of one item
 */
public record PortPolicies(
    ProxySettings proxies,
    Optional<? extends Supplier<SSLContext>> certificate,
    Duration handshakeTimeout,
    SyntheticPorts syntheticPorts,
    Counters counters,
    Limits limits,
    DescriptorBudget descriptors,
    HandlerFaults faults) {

  /**
   * The limits that the connections of all ports of a node share.
   *
   * @param memory what they may hold in all: frames that are not whole yet, answers that are not
   *     read
   * @param pacing the pace of their frames
   * @param handshakes the TLS handshakes that may be under way
   * @param upgrades the requests on WebSocket ports that may be answered at one time
   */
  public record Limits(
      FrameMemory memory, FramePacing pacing, HandshakeQuota handshakes, HandshakeQuota upgrades) {

    /** With the system's clock, and as much at one time as the heap and the cores allow. */
    public static Limits of(FrameMemory memory, Counters counters) {
      return new Limits(
          memory,
          new FramePacing(counters, Ticker.SYSTEM),
          HandshakeQuota.ofHeap(Runtime.getRuntime().maxMemory()),
          HandshakeQuota.ofCores(Runtime.getRuntime().availableProcessors()));
    }
  }

  /** With a new count of faults and the system's clock. */
  public PortPolicies(
      ProxySettings proxies,
      Optional<? extends Supplier<SSLContext>> certificate,
      Duration handshakeTimeout,
      SyntheticPorts syntheticPorts,
      Counters counters,
      FrameMemory memory,
      DescriptorBudget descriptors) {
    this(
        proxies,
        certificate,
        handshakeTimeout,
        syntheticPorts,
        counters,
        Limits.of(memory, counters),
        descriptors,
        new HandlerFaults(counters, Ticker.SYSTEM));
  }

  /** What all connections share for what they hold. */
  public FrameMemory memory() {
    return limits.memory();
  }

  FramePacing pacing() {
    return limits.pacing();
  }

  HandshakeQuota handshakes() {
    return limits.handshakes();
  }

  HandshakeQuota upgrades() {
    return limits.upgrades();
  }

  /** A port of the clients' own protocol, or of another that has no TLS here. */
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

  Networks trusted() {
    return new Networks(proxies.trusted());
  }

  /** The server's side of one TLS connection, TLS 1.2 or 1.3. */
  SSLEngine engine() {
    SSLEngine engine = certificate.orElseThrow().get().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }
}
