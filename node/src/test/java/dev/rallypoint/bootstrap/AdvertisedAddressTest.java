package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvertisedAddressTest {

  private static AdvertisedAddress find(String host, String bind, String towards) {
    return AdvertisedAddress.of(
        BareNode.settings("rallypoint", host, 25520),
        bind,
        "the database",
        List.of(InetSocketAddress.createUnresolved(towards, 5432)));
  }

  @ParameterizedTest
  @CsvSource({
    "node1.example,'',node1.example:25520,0.0.0.0",
    "192.0.2.7,'',192.0.2.7:25520,0.0.0.0",
    "127.0.0.1,'',127.0.0.1:25520,127.0.0.1",
    "node1.example,10.0.0.5,node1.example:25520,10.0.0.5",
    "2001:db8::7,'',[2001:db8::7]:25520,0.0.0.0",
    "::1,'',[::1]:25520,::1",
  })
  void isWhatIsWrittenAndListensThereOnlyIfThisMachineHasIt(
      String host, String bind, String address, String listening) {
    AdvertisedAddress own = find(host, bind, "127.0.0.1");
    assertThat(own).hasToString(address);
    assertThat(own.bind()).isEqualTo(listening);
  }

  @Test
  void isLoopbackWhenTheDatabaseIsThere() {
    assertThat(find("", "", "127.0.0.1").host()).isEqualTo("127.0.0.1");
    assertThat(AdvertisedAddress.isLoopback(find("", "", "localhost").host())).isTrue();
  }

  @Test
  void isTheOneOnTheWayToTheDatabaseElsewhere() throws Exception {
    // Documentation's network: nothing is sent there, the machine only looks where it would go.
    try (DatagramSocket socket = new DatagramSocket()) {
      String expected;
      try {
        socket.connect(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5432));
        expected = socket.getLocalAddress().getHostAddress();
      } catch (java.io.UncheckedIOException noWayOut) {
        assertThatThrownBy(() -> find("", "", "192.0.2.1")).isInstanceOf(SettingException.class);
        return;
      }
      AdvertisedAddress own = find("", "", "192.0.2.1");
      assertThat(own.host()).isEqualTo(expected);
      assertThat(AdvertisedAddress.isLoopback(own.host())).isFalse();
    }
  }

  @Test
  void isTheOneIpOfAllListeners() {
    assertThat(find("", "127.0.0.9", "192.0.2.1")).hasToString("127.0.0.9:25520");
  }

  @Test
  void isNoIpThatMeansSomethingOnOneInterfaceOnly() {
    AdvertisedAddress own = find("", "fe80:0:0:0:0:0:0:1%eth0", "127.0.0.1");
    assertThat(own).hasToString("127.0.0.1:25520");
    assertThat(own.bind()).isEqualTo("fe80:0:0:0:0:0:0:1%eth0");
  }

  @Test
  void isTheSeedThatIsThisMachine() {
    ClusterSettings settings =
        BareNode.settings(
            "rallypoint",
            "",
            25520,
            InetSocketAddress.createUnresolved("192.0.2.1", 25520),
            InetSocketAddress.createUnresolved("localhost", 25520));
    assertThat(AdvertisedAddress.of(settings, "", "seed-nodes", settings.seeds()).host())
        .isEqualTo("localhost");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7,true",
    "2001:db8::7,true",
    "100.128.0.1,true",
    "172.32.0.1,true",
    "127.0.0.1,false",
    "::1,false",
    "localhost,false",
    "10.1.2.3,false",
    "172.17.0.2,false",
    "192.168.1.1,false",
    "100.64.0.1,false",
    "100.127.255.1,false",
    "fd12::1,false",
    "fe80::1,false",
    "169.254.1.1,false",
    "no-such-host.invalid,false"
  })
  void isNamedToTheOperatorWhenItIsPublicAndNodesSpeakInClear(String host, boolean isPublic) {
    AdvertisedAddress own = new AdvertisedAddress(host, 25520, "::");
    ClusterBootstrap.Options inClear =
        new ClusterBootstrap.Options(
            BareNode.settings("rallypoint", "", 25520),
            "",
            BareNode.IDENTITY,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            "1.0.0",
            new Counters());
    assertThat(inClear.exposureWarning(own).isPresent()).isEqualTo(isPublic);
    inClear
        .exposureWarning(own)
        .ifPresent(
            line -> assertThat(line).contains(own.toString(), "cluster-plaintext", "cluster-host"));
  }

  @Test
  void saysInOneLineThatItCannotBeFoundOut() {
    assertThatThrownBy(() -> find("", "", "no-such-host.invalid"))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("cluster-host = \"\": it cannot be determined")
        .hasMessageContaining("no-such-host.invalid has no address");
  }
}
