package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {
  @TempDir Path data;

  @Test
  void asksForTheKeyOfAnIdNobodyHas() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      assertThat(peer.beat("123456789")).isTrue();
    }
  }

  @Test
  void takesHeartbeatsOnceTheKeyIsKnown() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.registered("123456789");

      assertThat(peer.beat("123456789")).isFalse();
    }
  }

  @Test
  void refusesAKeyWhenTheUuidDiffers() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp();
        UdpClient other = node.udp()) {
      peer.registered("123456789");

      assertThat(other.register("123456789", "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
    }
  }

  @Test
  void remembersIdsAndKeysOverARestart() {
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      peer.registered("123456789");
    }
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient peer = node.udp()) {
      assertThat(peer.register("123456789", "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
      assertThat(peer.beat("123456789")).isFalse();
    }
  }
}
