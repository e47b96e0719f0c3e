package dev.rallypoint.testing;

import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.policy.limit.DescriptorBudget;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.FramePacing;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.PortPolicies;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** What the ports of a test share, with room for all that it opens. */
public final class TestPorts {
  public static final DescriptorBudget DESCRIPTORS =
      DescriptorBudget.divide(100_000, 0, 4L << 30, EnumSet.allOf(Part.class));

  private TestPorts() {}

  /** Ports without proxies and without TLS. */
  public static PortPolicies plain(Counters counters) {
    return plain(counters, FrameMemory.ofHeap());
  }

  /** Ports without proxies and without TLS whose connections share a memory. */
  public static PortPolicies plain(Counters counters, FrameMemory memory) {
    return with(ProxySettings.NONE, Optional.empty(), Duration.ofSeconds(10), counters, memory);
  }

  /** Ports with everything that a test may choose. */
  public static PortPolicies with(
      ProxySettings proxies,
      Optional<? extends Supplier<SSLContext>> certificate,
      Duration patience,
      Counters counters,
      FrameMemory memory) {
    return new PortPolicies(
        proxies,
        certificate,
        patience,
        new SyntheticPorts(() -> 0, new Random(1)),
        counters,
        memory,
        DESCRIPTORS);
  }

  /** Ports without proxies and without TLS whose frames are paced by a clock. */
  public static PortPolicies paced(Duration patience, Counters counters, Ticker clock) {
    return new PortPolicies(
        ProxySettings.NONE,
        Optional.empty(),
        patience,
        new SyntheticPorts(() -> 0, new Random(1)),
        counters,
        new PortPolicies.Limits(
            FrameMemory.ofHeap(),
            new FramePacing(counters, clock),
            new HandshakeQuota(100, 100),
            new HandshakeQuota(100, 100)),
        DESCRIPTORS,
        new HandlerFaults(counters, Ticker.SYSTEM));
  }
}
