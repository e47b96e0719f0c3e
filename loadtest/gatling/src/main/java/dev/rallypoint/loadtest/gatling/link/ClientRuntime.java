package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.Figures;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the simulated clients of a run share. Safe for several threads. */
public final class ClientRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRuntime.class);
  private static final int ERRORS_LOGGED = 20;

  private final ClientSettings settings;
  private final SocketFactories sockets;
  private final Figures figures;
  private final ConcurrentHashMap<EventLoop, LoopTimer> timers = new ConcurrentHashMap<>();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final AtomicIntegerArray peersByAddress;
  private final OpenQuestions questions = new OpenQuestions();
  private final AtomicInteger errors = new AtomicInteger();
  private final AtomicInteger nextServer = new AtomicInteger();

  /** A run with these settings. */
  public ClientRuntime(ClientSettings settings, SocketFactories sockets, Figures figures) {
    this.settings = settings;
    this.sockets = sockets;
    this.figures = figures;
    this.peersByAddress =
        new AtomicIntegerArray(Math.max(1, settings.sources().addresses().size()));
  }

  /** The settings. */
  public ClientSettings settings() {
    return settings;
  }

  /** The figures of the run. */
  public Figures figures() {
    return figures;
  }

  /** The questions that are under way. */
  public OpenQuestions questions() {
    return questions;
  }

  /** The kinds of channels. */
  public SocketFactories sockets() {
    return sockets;
  }

  /** The time limits of an event loop. */
  public LoopTimer timer(EventLoop loop) {
    LoopTimer known = timers.get(loop);
    return known != null
        ? known
        : timers.computeIfAbsent(loop, l -> new LoopTimer(l, this::generatorError));
  }

  /** The server that the next short connection of a peer goes to: its name is resolved anew. */
  public ServerAddress anyServer() {
    return settings.server(nextServer.getAndIncrement());
  }

  /** Closes a channel at the end of the run if it is open then. */
  public void closeAtEnd(Channel channel) {
    channels.add(channel);
  }

  /** Takes a place of a long-lived peer at the user's source address; false when it is full. */
  public boolean takePlace(long user) {
    if (settings.sources().addresses().isEmpty()) {
      return true;
    }
    int index = settings.sources().index(user);
    if (peersByAddress.incrementAndGet(index) > SourceAddresses.PEERS_PER_ADDRESS) {
      peersByAddress.decrementAndGet(index);
      return false;
    }
    return true;
  }

  /** Gives a place back. */
  public void givePlace(long user) {
    if (!settings.sources().addresses().isEmpty()) {
      peersByAddress.decrementAndGet(settings.sources().index(user));
    }
  }

  /** Counts an exception of the load generator itself; the first ones are logged. */
  public void generatorError(Throwable error) {
    figures.count(Counter.GENERATOR_ERRORS);
    if (errors.getAndIncrement() < ERRORS_LOGGED) {
      LOG.warn("exception in the load generator", error);
    }
  }

  /** Ends the figures and closes all connections. */
  @Override
  public void close() {
    figures.end();
    channels.close();
  }
}
