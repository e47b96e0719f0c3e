package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** What becomes of the bytes of a session, wherever its legs are, over real sockets. */
abstract class SessionBytesContract {
  static final long MEGA = 1024L * 1024;

  /** The relay of the controlling side's leg. */
  abstract RelayLab ofA();

  /** The relay of the controlled side's leg. */
  abstract RelayLab ofB();

  Couple couple(String uuid) throws IOException {
    return Couple.of(ofA().sideA(uuid), ofB().sideB(uuid));
  }

  @Test
  void keepsTheOtherDirectionOpenAfterAHalfClose() throws Exception {
    try (Couple couple = couple("half-close")) {
      couple.halfClose(3, 5 * MEGA);
    }
    ofA().awaitSessions(0);
    ofB().awaitSessions(0);
  }

  @Test
  void passesAResetOn() throws Exception {
    try (Couple couple = couple("reset")) {
      couple.a().reset();
      assertThatThrownBy(couple.b()::read).isInstanceOf(SocketException.class);
    }
    ofA().awaitSessions(0);
    ofB().awaitSessions(0);
  }

  @Test
  void deliversTheLastBytesOfASideThatHasClosed() throws Exception {
    try (Couple couple = couple("last-message")) {
      couple.b().send("goodbye");
      couple.b().close();
      assertThat(couple.a().receiveAll()).isEqualTo("goodbye");
    }
  }

  @Test
  void deliversEveryByteToAReaderThatTakesLittleAtATime() throws Exception {
    RelayClient a = ofA().sideA("slow");
    RelayClient b =
        RelayClient.connect(ofB().server().address(), 4096).send(Requests.sideB("slow"));
    try (Couple couple = Couple.of(a, b)) {
      var sent = RelayClient.async(() -> couple.a().sendRandom(10, 8 * MEGA));
      assertThat(couple.b().hashOf(8 * MEGA)).isEqualTo(sent.join());
    }
  }
}
