package dev.rallypoint.loadtest.peer.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerHandshakeTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final PeerId ID = new PeerId("123456789");

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey server = SigningKey.generate(random);
  private final Device device = Device.create(random);
  private final AtomicBoolean keyRejected = new AtomicBoolean();
  private TcpPeerPair pair;

  @BeforeEach
  void open() throws Exception {
    pair = TcpPeerPair.open();
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void encryptsWhenTheServerSignedTheTargetsKey() throws Exception {
    FutureTask<Optional<SecretChannel>> target = target();

    SecretChannel near =
        handshake(SignedPeerKey.sign(server, ID, device.key().publicKey())).orElseThrow();

    SecretChannel far = target.get().orElseThrow();
    assertThat(far.open(near.seal(new byte[] {1, 2, 3}))).containsExactly(1, 2, 3);
    assertThat(near.open(far.seal(new byte[] {4, 5}))).containsExactly(4, 5);
  }

  @Test
  void isNotEncryptedWhenTheServerSignedNothing() throws Exception {
    FutureTask<Optional<SecretChannel>> target = target();

    assertThat(handshake(ByteString.EMPTY)).isEmpty();

    assertThat(target.get()).isEmpty();
    assertThat(keyRejected).isFalse();
  }

  @Test
  void isNotEncryptedWhenAnotherIdWasSigned() throws Exception {
    FutureTask<Optional<SecretChannel>> target = target();
    PeerId other = new PeerId("987654321");

    assertThat(handshake(SignedPeerKey.sign(server, other, device.key().publicKey()))).isEmpty();

    assertThat(target.get()).isEmpty();
  }

  @Test
  void rejectsTheKeyOfTheTargetWhenAnotherIsRegistered() throws Exception {
    FutureTask<Optional<SecretChannel>> target = target();
    PublicKey old = SigningKey.generate(random).publicKey();

    assertThat(handshake(SignedPeerKey.sign(server, ID, old))).isEmpty();

    assertThat(target.get()).isEmpty();
    assertThat(keyRejected).isTrue();
  }

  private Optional<SecretChannel> handshake(ByteString signedKey) throws Exception {
    return PeerHandshake.asRequester(
        pair.near(), ID, Optional.of(server.publicKey()), signedKey, LONG);
  }

  private FutureTask<Optional<SecretChannel>> target() {
    FutureTask<Optional<SecretChannel>> target =
        new FutureTask<>(() ->
            PeerHandshake.asTarget(pair.far(), ID, device, LONG, () -> keyRejected.set(true)));
    Thread.ofVirtual().start(target);
    return target;
  }
}
