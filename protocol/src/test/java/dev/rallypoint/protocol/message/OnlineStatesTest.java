package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineStatesTest {

  @ParameterizedTest(name = "{1} of {0} online")
  @CsvSource({
    "0, '', ''",
    "1, '', 00",
    "1, '0', 80",
    "8, '7', 01",
    "8, '0 7', 81",
    "9, '8', 0080",
    "16, '1 15', 4001",
    "17, '', 000000",
    "17, '0 8 16', 808080",
  })
  void setsTheHighestBitFirst(int asked, String online, String hex) {
    BitSet places = new BitSet();
    for (String place : online.isEmpty() ? new String[0] : online.split(" ")) {
      places.set(Integer.parseInt(place));
    }

    assertThat(hex(OnlineStates.encode(asked, places))).isEqualTo(hex);
  }

  @Test
  void neverSetsABitBehindThePeersAskedFor() {
    BitSet tooMany = new BitSet();
    tooMany.set(0, 64);

    assertThat(hex(OnlineStates.encode(3, tooMany))).isEqualTo("e0");
  }

  @Test
  void readsBackWhatItWrote() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int asked = random.nextInt(1, 300);
      BitSet online = new BitSet();
      random.ints(asked / 2, 0, asked).forEach(online::set);

      ByteString states = OnlineStates.encode(asked, online);

      assertThat(states.size()).as("seed %d", seed).isEqualTo((asked + 7) / 8);
      for (int place = 0; place < asked; place++) {
        assertThat(OnlineStates.isOnline(states, place))
            .as("seed %d, place %d", seed, place)
            .isEqualTo(online.get(place));
      }
    }
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
