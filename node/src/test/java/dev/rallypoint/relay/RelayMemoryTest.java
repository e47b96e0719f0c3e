package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameHeader;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.testing.WsClient;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.FrameShare;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the relay holds of the memory that all connections share, and that it gives all back. */
class RelayMemoryTest {
  private static final int MOST = 100_000;

  /** More than half of what there is. */
  private static final int MUCH = 60_000;

  private static final int FREE = FrameShare.FREE;

  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private final FrameMemory memory = new FrameMemory(MOST);
  @RegisterExtension private final Relays relays = new Relays();
  private RelayLab lab;

  @BeforeEach
  void start() {
    lab = relays.start(relays.parts(RelayLab.settings(), memory), clock);
  }

  /** However a test ended its connections, or left them: nothing is held in the end. */
  @AfterEach
  void stop() {
    lab.close();
    awaitAllBack();
  }

  private void awaitAllBack() {
    await().until(() -> memory.held() == 0);
  }

  private void awaitHeld(long least) {
    await().until(() -> memory.held() >= least);
  }

  /** The beginning of a frame that is announced to be longer. */
  private static byte[] half(int announced, int sent) {
    byte[] header = new byte[FrameHeader.size(announced)];
    FrameHeader.write(announced, header, 0);
    return Arrays.copyOf(header, header.length + sent);
  }

  private RelayClient halfFirstFrame() throws Exception {
    return lab.connect().send(half(RelayHandshake.MAX_FRAME, MUCH));
  }

  /** Sends a message through the session: then it has begun. */
  private static void join(WsClient a, RelayClient b) throws Exception {
    b.send(FrameEncoder.encode(new byte[] {'?'}));
    assertThat(a.receiveFrame()).containsExactly('?');
  }

  @Test
  void halfFirstFramesAreBoundedForAllTogether() throws Exception {
    try (RelayClient first = halfFirstFrame()) {
      awaitHeld(MUCH - FREE);
      try (RelayClient second = halfFirstFrame()) {
        lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
        assertThat(second.isClosed()).isTrue();
      }
      assertThat(memory.held()).isBetween((long) MUCH - FREE, (long) MOST);
    }
    awaitAllBack();
  }

  @Test
  void whatComesBeforeThePartnerIsBoundedForAllTogether() throws Exception {
    try (RelayClient first = lab.sideA("first").send(new byte[MUCH])) {
      awaitHeld(MUCH - FREE);
      try (RelayClient second = lab.sideA("second").send(new byte[MUCH])) {
        lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
        assertThat(second.isClosed()).isTrue();
      }
    }
    awaitAllBack();
  }

  @Test
  void whatFollowsTheFirstFrameInOnePieceIsBoundedToo() throws Exception {
    byte[] request = Requests.sideA("piece");
    byte[] all = Arrays.copyOf(request, request.length + MOST + FREE + 1);
    try (RelayClient client = lab.connect().send(all)) {
      lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void allTheMemoryIsForBytesThatComeInPieces() throws Exception {
    try (RelayClient hog = lab.sideA("pieces").send(new byte[MUCH])) {
      awaitHeld(MUCH - FREE);
      hog.send(new byte[MOST + FREE - MUCH]);
      awaitHeld(MOST);
      assertThat(lab.counters().of(DropReason.FRAME_MEMORY)).isZero();
    }
  }

  @Test
  void aFullMemoryKeepsNobodyFromAnOrdinarySession() throws Exception {
    try (RelayClient hog = lab.sideA("hog").send(new byte[MOST + FREE])) {
      awaitHeld(MOST);
      byte[] request = Requests.sideB("ordinary");
      try (RelayClient b = lab.connect().send(Arrays.copyOf(request, 20));
          RelayClient a = lab.sideA("ordinary")) {
        b.send(Arrays.copyOfRange(request, 20, request.length)).send("signed id");
        assertThat(a.receive(9)).isEqualTo("signed id");
      }
      assertThat(lab.counters().of(DropReason.FRAME_MEMORY)).isZero();
    }
  }

  @Test
  void earlyBytesAreGivenBackOnceThePartnerHasTakenThem() throws Exception {
    try (RelayClient a = lab.sideA("taken").send(new byte[MUCH])) {
      awaitHeld(MUCH - FREE);
      try (RelayClient b = lab.sideB("taken")) {
        b.receive(MUCH);
        awaitAllBack();
        b.send("?");
        assertThat(a.receive(1)).isEqualTo("?");
      }
    }
  }

  @Test
  void aFrameForAWebSocketThatIsNotWholeIsBounded() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("long"));
        RelayClient b = lab.sideB("long")) {
      join(a, b);
      b.send(half(2 * MOST, MOST + FREE + 1));
      lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
      assertThat(a.receiveFrame()).isNull();
      assertThat(b.isClosed()).isTrue();
    }
    awaitAllBack();
  }

  @Test
  void aMessageOfAWebSocketThatIsNotWholeIsBounded() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("fragments"));
        RelayClient b = lab.sideB("fragments")) {
      join(a, b);
      a.sendFragment(new byte[MOST + FREE + 1]);
      lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
      assertThat(b.isClosed()).isTrue();
    }
    awaitAllBack();
  }

  @Test
  void messagesOfAWebSocketBeforeThePartnerAreBoundedForAllTogether() {
    try (WsClient first = lab.webSocket(Requests.sideA("first")).sendFrame(new byte[MUCH])) {
      awaitHeld(MUCH - FREE);
      try (WsClient second = lab.webSocket(Requests.sideA("second")).sendFrame(new byte[MUCH])) {
        lab.awaitDrop(DropReason.FRAME_MEMORY, 1);
        assertThat(second.receiveFrame()).isNull();
      }
    }
    awaitAllBack();
  }

  @Test
  void manyFramesAndMessagesHoldNothingOnceTheyAreWritten() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("many"));
        RelayClient b = lab.sideB("many")) {
      join(a, b);
      for (int i = 0; i < 5; i++) {
        b.send(FrameEncoder.encode(new byte[20_000]));
        assertThat(a.receiveFrame()).hasSize(20_000);
        a.sendInFragments(new byte[21_000]);
        b.receive(21_000 + 3);
      }
      awaitAllBack();
      b.endOutput();
      assertThat(a.receiveFrame()).isNull();
    }
  }

  @Test
  void aMessageThatNobodyReadsIsHeldUntilItsSessionIsReset() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("unread"));
        RelayClient b = lab.sideB("unread")) {
      join(a, b);
      b.send(half(MUCH, MUCH - 1));
      awaitHeld(MUCH - FREE);
      b.reset();
      assertThat(a.receiveFrame()).isNull();
    }
    awaitAllBack();
  }

  @Test
  void aWebSocketThatIsCutOffGivesBackWhatItHeld() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("cut"));
        RelayClient b = lab.sideB("cut")) {
      join(a, b);
      a.sendFragment(new byte[MUCH]);
      awaitHeld(MUCH - FREE);
      a.close();
      awaitAllBack();
    }
  }

  @Test
  void aFirstFrameThatIsNotTakenGivesBackWhatItHeld() throws Exception {
    try (RelayClient client = halfFirstFrame()) {
      awaitHeld(MUCH - FREE);
      client.send(new byte[RelayHandshake.MAX_FRAME - MUCH]);
      assertThat(client.isClosed()).isTrue();
      awaitAllBack();
    }
  }

  @Test
  void whoeverIsTooSlowGivesBackWhatItHeld() throws Exception {
    try (RelayClient client = halfFirstFrame()) {
      awaitHeld(MUCH - FREE);
      await()
          .until(() -> {
            clock.turn(Duration.ofSeconds(5));
            return memory.held() == 0;
          });
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aRelayThatStopsGivesAllBack() throws Exception {
    try (WsClient a = lab.webSocket(Requests.sideA("stopped"));
        RelayClient b = lab.sideB("stopped");
        RelayClient waiter = lab.sideA("waiter").send(new byte[20_000]);
        RelayClient opening = lab.connect().send(half(RelayHandshake.MAX_FRAME, 20_000));
        WsClient early = lab.webSocket(Requests.sideB("early")).sendFrame(new byte[20_000])) {
      join(a, b);
      b.send(half(MUCH, 20_000));
      awaitHeld(4 * (20_000 - FREE));
      lab.close();
      awaitAllBack();
    }
  }
}
