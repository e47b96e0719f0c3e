package dev.rallypoint.loadtest.benchmark.punch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Heartbeats of registered peers at a fixed rate, spread over servers. */
final class PacedBeats {
  private static final int TURNS = 500;

  private PacedBeats() {}

  /**
   * Registers peers at the servers, sends heartbeats for a second, and then for the measured time.
   *
   * @param perServer how many heartbeats a second each server gets
   * @return how many of them each CPU second of the servers answered
   */
  static double perCpuSecond(
      List<InetSocketAddress> servers,
      String key,
      int peers,
      int perServer,
      int seconds,
      PunchTraffic.Cpu cpu)
      throws IOException {
    List<PunchTraffic> groups = new ArrayList<>();
    try {
      int first = 0;
      for (InetSocketAddress server : servers) {
        groups.add(PunchTraffic.register(first, peers, server, key));
        first += peers;
      }
      send(groups, perServer, 1);
      double before = cpu.seconds();
      long answered = send(groups, perServer, seconds);
      return answered / (cpu.seconds() - before);
    } finally {
      groups.forEach(PunchTraffic::close);
    }
  }

  private static long send(List<PunchTraffic> groups, int perServer, int seconds)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 10);
    long answered = 0;
    int each = perServer / TURNS;
    int next = 0;
    long start = System.nanoTime();
    long gap = Duration.ofSeconds(1).toNanos() / TURNS;
    for (int turn = 0; turn < TURNS * seconds; turn++) {
      LockSupport.parkNanos(start + turn * gap - System.nanoTime());
      for (PunchTraffic group : groups) {
        List<Target> targets = group.targets();
        for (int i = 0; i < each; i++) {
          Target target = targets.get((next + i) % targets.size());
          while (target.channel().read(buffer.clear()) > 0) {
            answered++; // the answer to the heartbeat before
          }
          target.beat();
        }
      }
      next += each;
    }
    return answered;
  }
}
