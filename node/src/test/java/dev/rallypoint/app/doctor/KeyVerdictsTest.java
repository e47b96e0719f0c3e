package dev.rallypoint.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyVerdictsTest {
  private static final SigningKey OWN = SigningKey.generate(new Random(1));
  private static final SigningKey OTHER = SigningKey.generate(new Random(2));
  private static final ByteString BY_OWN = OWN.sign(new byte[] {1});
  private static final ByteString BY_OTHER = OTHER.sign(new byte[] {1});

  private static Finding row(String key, boolean isRefused, ByteString... signed) {
    return new KeyVerdicts(key, List.of(signed), isRefused).finding();
  }

  private static String own() {
    return OWN.publicKey().text();
  }

  @Test
  void isRightWhenAllSignaturesAreOfIt() {
    Finding row = row(own(), false, BY_OWN, BY_OWN);
    assertThat(row.verdict()).isEqualTo(ClientVerdict.KEY_RIGHT);
    assertThat(row.seen()).contains(AccessKey.fingerprint(own()), "2 of 2");
  }

  @Test
  void isWrongWhenNoneIs() {
    assertThat(row(own(), false, BY_OTHER, BY_OTHER).verdict()).isEqualTo(ClientVerdict.KEY_WRONG);
  }

  @Test
  void isOneOfTwoWhenSomeAre() {
    Finding row = row(own(), false, BY_OWN, BY_OTHER);
    assertThat(row.verdict()).isEqualTo(ClientVerdict.TWO_KEYS);
    assertThat(row.seen()).contains("1 of 2");
  }

  @Test
  void isTheWrongTextWhereTheServerSignsByItAndRefusesIt() {
    assertThat(row(own(), true, BY_OWN).verdict()).isEqualTo(ClientVerdict.ACCESS_REFUSED);
  }

  @Test
  void isWrongWhereAServerThatSignsNothingRefusesIt() {
    assertThat(row(own(), true).verdict()).isEqualTo(ClientVerdict.KEY_WRONG);
  }

  @Test
  void cannotBeSeenWithoutAnySignature() {
    assertThat(row(own(), false).verdict()).isEqualTo(ClientVerdict.KEY_UNPROVEN);
  }

  @Test
  void isAskedForWhereNoneIsGiven() {
    assertThat(row("", false, BY_OWN).verdict()).isEqualTo(ClientVerdict.KEY_NOT_GIVEN);
  }

  @Test
  void isNoKeyWhenItIsAnotherText() {
    assertThat(row("secret word", false, BY_OWN).verdict()).isEqualTo(ClientVerdict.KEY_NOT_BASE64);
    assertThat(row("secret word", true, BY_OWN).verdict()).isEqualTo(ClientVerdict.KEY_WRONG);
  }

  @Test
  void hasItsMendInOneRowOnly() {
    Finding punch = new Finding(Check.PUNCH, ClientVerdict.PUNCH_KEY_REFUSED, "refused");
    Finding relay = new Finding(Check.RELAY_WEBSOCKET, ClientVerdict.RELAY_KEY_REFUSED, "closed");
    Finding udp = new Finding(Check.UDP, ClientVerdict.UDP_BLOCKED, "nothing");

    Finding wrong = row(own(), false, BY_OWN, BY_OTHER);
    assertThat(KeyVerdicts.toldOnce(List.of(udp, wrong, punch, relay)))
        .extracting(Finding::verdict)
        .containsExactly(
            ClientVerdict.UDP_BLOCKED,
            ClientVerdict.TWO_KEYS,
            ClientVerdict.KEY_REFUSED_TOO,
            ClientVerdict.KEY_REFUSED_TOO);
    Finding right = row(own(), false, BY_OWN);
    assertThat(KeyVerdicts.toldOnce(List.of(right, relay))).containsExactly(right, relay);
  }

  @Test
  void isNotShown() {
    assertThat(row(own(), false, BY_OWN).seen()).doesNotContain(own());
    assertThat(row("secret word", false, BY_OWN).seen()).doesNotContain("secret word");
  }
}
