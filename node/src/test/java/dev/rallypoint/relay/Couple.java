package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The two clients of a session that has begun. */
record Couple(RelayClient a, RelayClient b) implements AutoCloseable {

  /** Two clients that named the same uuid, once a byte has come through. */
  static Couple of(RelayClient a, RelayClient b) throws IOException {
    b.send("?");
    assertThat(a.receive(1)).isEqualTo("?");
    return new Couple(a, b);
  }

  /** Whichever side comes first. */
  static Couple of(RelayLab ofA, RelayLab ofB, String uuid, boolean isAFirst) throws IOException {
    RelayClient first = isAFirst ? ofA.sideA(uuid) : ofB.sideB(uuid);
    RelayClient second = isAFirst ? ofB.sideB(uuid) : ofA.sideA(uuid);
    return isAFirst ? of(first, second) : of(second, first);
  }

  /** Both send so many bytes at once, and receive what the other has sent. */
  void exchange(long seed, long toA, long toB) throws IOException {
    var sentByA = RelayClient.async(() -> a.sendRandom(seed, toB));
    var sentByB = RelayClient.async(() -> b.sendRandom(-seed, toA));
    var receivedByB = RelayClient.async(() -> b.hashOf(toB));
    assertThat(a.hashOf(toA)).isEqualTo(sentByB.join());
    assertThat(receivedByB.join()).isEqualTo(sentByA.join());
  }

  /** One ends its stream, and the other direction stays open. */
  void halfClose(long seed, long bytes) throws IOException {
    a.endOutput();
    assertThat(b.read()).isEqualTo(-1);
    var sent =
        RelayClient.async(() -> {
          byte[] hash = b.sendRandom(seed, bytes);
          b.endOutput();
          return hash;
        });
    assertThat(a.hashOf(Long.MAX_VALUE)).isEqualTo(sent.join());
  }

  @Override
  public void close() throws IOException {
    a.close();
    b.close();
  }
}
