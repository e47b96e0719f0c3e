package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node on a machine with two interfaces and several addresses, and a client on another
 * machine that takes datagrams only from the address that it asks.
 */
class SeveralAddressesIT {
  private static final SigningKey PAIR = SigningKey.generate(new Random(22));

  /** The node's machine has a0 and a1, the client's b0 and b1. */
  private static final String NETWORK =
      """
      ip link set lo up
      unshare -n sleep 300 >/dev/null 2>&1 &
      other=$!
      trap "kill $other" EXIT
      until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do
        sleep 0.05
      done
      there() { nsenter -t $other -n "$@"; }
      there ip link set lo up
      for i in 0 1; do
        ip link add a$i type veth peer name b$i netns $other
        ip link set a$i addrgenmode none
        there ip link set b$i addrgenmode none
        ip link set a$i up
        there ip link set b$i up
        ip addr add 10.98.$i.1/24 dev a$i
        ip addr add 10.98.$i.2/24 dev a$i
        there ip addr add 10.98.$i.9/24 dev b$i
      done
      """;

  private static final String IPV6 =
      """
      for i in 0 1; do
        ip addr add fe80::1/64 dev a$i nodad
        there ip addr add fe80::9/64 dev b$i nodad
        ip addr add fd98:$i::1/64 dev a$i nodad
        ip addr add fd98:$i::2/64 dev a$i nodad
        there ip addr add fd98:$i::9/64 dev b$i nodad
      done
      """;

  private static final String NO_IPV6 =
      "for i in all default lo a0 a1; do"
          + " echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done\n";

  private static final String PROBE =
      """
      probe() {
        there "$java" -XX:TieredStopAtLevel=1 -cp "$classes" %s $1 21116 $2 %s \
          >>"$folder/probe" 2>&1 || true
      }
      """
          .formatted(AddressProbe.class.getName(), PAIR.publicKey().text());

  @TempDir Path folder;

  @BeforeEach
  void begin() throws Exception {
    Files.createDirectory(folder.resolve("data"));
    Files.writeString(folder.resolve("data").resolve("id_ed25519"), PAIR.secretText());
  }

  private void probed(String network, String probes, String... servers) throws Exception {
    Namespace.Result result =
        new Namespace(folder, true, NETWORK + network)
            .serve(PROBE + probes, Map.of(), List.of("--data", folder.resolve("data").toString()));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(folder.resolve("probe"))
        .content()
        .isEqualTo(String.join(" answers and pushes\n", servers) + " answers and pushes\n");
  }

  @Test
  void answersAndPushesFromTheAddressThatWasAsked() throws Exception {
    probed(
        IPV6,
        """
        probe 10.98.0.1 first0001
        probe 10.98.0.2 second002
        probe 10.98.1.2 third0003
        probe fd98:0::2 fourth004
        probe fd98:1::1 fifth0005
        """,
        "10.98.0.1",
        "10.98.0.2",
        "10.98.1.2",
        "fd98:0::2",
        "fd98:1::1");
  }

  @Test
  void answersFromAnAddressThatItsMachineGotSinceItsStart() throws Exception {
    probed(
        IPV6,
        """
        ip addr add 10.98.0.3/24 dev a0
        ip addr add fd98:0::3/64 dev a0 nodad
        probe 10.98.0.3 first0001
        probe fd98:0::3 second002
        """,
        "10.98.0.3",
        "fd98:0::3");
  }

  @Test
  void answersClientsOfALinkLocalAddressOnWhicheverInterface() throws Exception {
    probed(
        IPV6,
        """
        probe fe80::1%b1 second002
        probe fe80::1%b0 first0001
        """,
        "fe80::1%b1",
        "fe80::1%b0");
  }

  @Test
  void answersFromTheAddressThatWasAskedWhereTheSystemHasNoIpv6() throws Exception {
    probed(NO_IPV6, "probe 10.98.1.2 first0001\n", "10.98.1.2");
  }
}
