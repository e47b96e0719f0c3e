package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.AnswerProof;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.Location.Presence;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The secret of an attempt, and how often it may be guessed. */
class AttemptTest {
  private static final PeerAddress A = PeerAddress.v4(0xCB007107, 40_001);
  private static final PeerAddress B = PeerAddress.v4(0xC6336409, 50_001);
  private static final int SECRET = 0xCAFE_F00D;

  private final Attempt attempt =
      new Attempt(
          new PeerId("123456789"),
          Attempt.Kind.PUNCH,
          new Location(Presence.ONLINE, B, null, ByteString.EMPTY),
          A,
          SECRET,
          0);

  private static RendezvousMessage answer(int secret) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder().setSocketAddr(AddressMangler.encode(A, secret)))
        .build();
  }

  private void guess(int times, boolean isFromTarget) {
    IntStream.range(0, times).forEach(i -> attempt.judge(answer(i), isFromTarget, true));
  }

  @Test
  void isInEachPushAndHidesNothingOfTheAddress() {
    assertThat(AddressMangler.decode(attempt.socketAddr())).isEqualTo(A);
    assertThat(attempt.judge(answer(SECRET), false, false)).isEqualTo(AnswerProof.SECRET);
    assertThat(attempt.judge(answer(SECRET + 1), true, false)).isEqualTo(AnswerProof.FALSE);
  }

  @Test
  void isNotTakenFromElsewhereAfter256WrongGuesses() {
    guess(255, false);
    assertThat(attempt.judge(answer(SECRET), false, true)).isEqualTo(AnswerProof.SECRET);

    guess(1, false);

    assertThat(attempt.judge(answer(SECRET), false, true)).isEqualTo(AnswerProof.FALSE);
    assertThat(attempt.judge(answer(SECRET), true, true)).isEqualTo(AnswerProof.SECRET);
  }

  @Test
  void isNotTakenFromAnybodyAfter65536WrongGuesses() {
    guess(65_535, true);
    assertThat(attempt.judge(answer(SECRET), true, true)).isEqualTo(AnswerProof.SECRET);

    guess(1, true);

    assertThat(attempt.judge(answer(SECRET), true, true)).isEqualTo(AnswerProof.FALSE);
  }
}
