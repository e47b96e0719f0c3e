package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.relay.conduit.PipePool;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.time.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand sessions that behave in every way a session can, fifty at a time. */
class RelayStormTest {
  private static final int SESSIONS = 1000;
  private static final int AT_ONCE = 50;

  /** Bytes of a send buffer that the system does not let grow. */
  private static final int SMALL = 64 * 1024;

  /** More than a pipe and all the kernel's buffers of one direction take. */
  private static final long FAR_MORE_THAN_FITS =
      largestBuffer("tcp_rmem") + largestBuffer("tcp_wmem") + 2L * 1024 * 1024;

  @TempDir private Path data;

  private enum Manner {
    BOTH_WAYS,
    HALF_CLOSE,
    SLOW_READER,
    WRITE_BEFORE_READ,
    RESET,
    /** Seldom, for it takes more bytes than all other sessions together. */
    WRITE_FAR_MORE_THAN_FITS;

    static Manner of(int number) {
      return number % 500 == 3
          ? WRITE_FAR_MORE_THAN_FITS
          : values()[Math.floorMod(number, WRITE_FAR_MORE_THAN_FITS.ordinal())];
    }
  }

  @Test
  void deliversEveryByteOfAThousandSessionsAndKeepsNothing() throws Exception {
    storm(RelayLab.settings(), SESSIONS);
  }

  @Test
  void copiesEveryByteToo() throws Exception {
    storm(RelayLab.copying(), SESSIONS / 4);
  }

  private void storm(RelaySettings settings, int sessions) throws Exception {
    ActorSystem<Void> system = RelayLab.cluster();
    try (RelayLab lab = RelayLab.start(system, settings, data, Ticker.SYSTEM)) {
      play(lab, -1);
      lab.awaitSessions(0);
      long sockets = Descriptors.open("socket:");
      long pipes = Descriptors.open("pipe:");
      rage(lab, sessions);
      lab.awaitSessions(0);
      assertThat(lab.server().lentConduits().toCompletableFuture().join()).isZero();
      await().until(() -> Descriptors.open("socket:") <= sockets);
      // Pipes are kept for the next session, each with its two ends.
      int bound = PipePool.boundOfNode(TestPorts.DESCRIPTORS.of(Part.RELAY_PIPES));
      await().until(() -> Descriptors.open("pipe:") <= pipes + 2L * bound);
    } finally {
      system.terminate();
    }
  }

  private static void rage(RelayLab lab, int sessions) throws Exception {
    Semaphore places = new Semaphore(AT_ONCE);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      places.acquire();
      int number = i;
      running.add(
          RelayClient.async(() -> {
            try {
              play(lab, number);
              return null;
            } finally {
              places.release();
            }
          }));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).join();
  }

  private static void play(RelayLab lab, int number) throws Exception {
    Random random = new Random(number);
    Manner manner = Manner.of(number);
    boolean takesLittle = manner == Manner.SLOW_READER || manner == Manner.WRITE_FAR_MORE_THAN_FITS;
    int receive = takesLittle ? 4096 : 0;
    String uuid = "storm-" + lab.server().address().getPort() + "-" + number;
    try (RelayClient a = RelayClient.connect(lab.server().address(), receive);
        RelayClient b = RelayClient.connect(lab.server().address(), receive)) {
      a.send(Requests.sideA(uuid));
      b.send(Requests.sideB(uuid)).send("?");
      assertThat(a.receive(1)).isEqualTo("?");
      byte[] fromA = bytes(random, 400_000);
      byte[] fromB = bytes(random, 400_000);
      switch (manner) {
        case BOTH_WAYS -> {
          var sentA = RelayClient.async(() -> send(a, fromA, number));
          var sentB = RelayClient.async(() -> send(b, fromB, -number));
          var receivedB = RelayClient.async(() -> b.hashOf(Long.MAX_VALUE));
          assertThat(a.hashOf(Long.MAX_VALUE)).isEqualTo(hash(fromB));
          assertThat(receivedB.join()).isEqualTo(hash(fromA));
          CompletableFuture.allOf(sentA, sentB).join();
        }
        case HALF_CLOSE -> {
          var sentA = RelayClient.async(() -> send(a, fromA, number));
          assertThat(b.hashOf(Long.MAX_VALUE)).isEqualTo(hash(fromA));
          sentA.join();
          var sentB = RelayClient.async(() -> send(b, fromB, -number));
          assertThat(a.hashOf(Long.MAX_VALUE)).isEqualTo(hash(fromB));
          sentB.join();
        }
        case SLOW_READER -> {
          var sentA = RelayClient.async(() -> send(a, fromA, number));
          assertThat(sip(b, random)).isEqualTo(hash(fromA));
          sentA.join();
        }
        case WRITE_BEFORE_READ -> {
          var sentA = RelayClient.async(() -> send(a, fromA, number));
          var sentB = RelayClient.async(() -> send(b, fromB, -number));
          LockSupport.parkNanos(random.nextInt(20_000_000));
          assertThat(b.hashOf(Long.MAX_VALUE)).isEqualTo(hash(fromA));
          assertThat(a.hashOf(Long.MAX_VALUE)).isEqualTo(hash(fromB));
          CompletableFuture.allOf(sentA, sentB).join();
        }
        case RESET -> {
          byte[] begun = Arrays.copyOf(fromA, fromA.length / 2);
          a.socket().getOutputStream().write(begun);
          a.reset();
          assertThat(b.isClosedInTheEnd()).isTrue();
        }
        case WRITE_FAR_MORE_THAN_FITS -> {
          a.socket().setSendBufferSize(SMALL);
          b.socket().setSendBufferSize(SMALL);
          var sentA = RelayClient.async(() -> a.sendRandom(number, FAR_MORE_THAN_FITS));
          var sentB = RelayClient.async(() -> b.sendRandom(-number, FAR_MORE_THAN_FITS));
          assertThat(b.hashOf(FAR_MORE_THAN_FITS)).isEqualTo(sentA.join());
          // One way all has come, though the other way nothing was read.
          assertThat(a.hashOf(FAR_MORE_THAN_FITS)).isEqualTo(sentB.join());
        }
      }
    }
  }

  /** Sends it in pieces of any size, with pauses, and ends the stream. */
  private static Void send(RelayClient client, byte[] bytes, long seed) throws IOException {
    Random random = new Random(seed);
    OutputStream out = client.socket().getOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int piece = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(18)));
      out.write(bytes, at, piece);
      at += piece;
      if (random.nextInt(16) == 0) {
        LockSupport.parkNanos(random.nextInt(2_000_000));
      }
    }
    client.endOutput();
    return null;
  }

  private static byte[] sip(RelayClient client, Random random) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    InputStream in = client.socket().getInputStream();
    byte[] sip = new byte[16 * 1024];
    for (int read = 0; read >= 0; read = in.read(sip, 0, 1 + random.nextInt(sip.length))) {
      digest.update(sip, 0, read);
      if (random.nextInt(8) == 0) {
        LockSupport.parkNanos(random.nextInt(1_000_000));
      }
    }
    return digest.digest();
  }

  /** The size in bytes to which the kernel lets a socket's buffer grow. */
  private static long largestBuffer(String setting) {
    Path file = Path.of("/proc/sys/net/ipv4", setting);
    // Such a file is empty from the second read on: one with a buffer takes it whole.
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return Long.parseLong(lines.readLine().split("\\s+")[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hash(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
