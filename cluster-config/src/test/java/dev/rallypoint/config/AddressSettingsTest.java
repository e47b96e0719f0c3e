package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that name hosts, ips and networks, as operators write them. */
class AddressSettingsTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void begin() {
    written = new Written(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          relay-servers         | http://a   | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | a:99999    | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | a;b        | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | host:0     | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | <your-ip>  | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | 192.168.1.300 | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | fe80::1%eth0 | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | ["a","b"]  | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | $RELAY_HOST | the variable in it was not replaced; write the host itself
          relay-servers         | ${RELAY}:21117 | the variable in it was not replaced; write the host itself
          relay-servers         | 0.0.0.0    | this is no host's address; write the name or ip that clients know
          relay-servers         | [::]:21117 | this is no host's address; write the name or ip that clients know
          relay-servers         | fe80::1    | this is no host's address; write the name or ip that clients know
          relay-servers         | 224.0.0.1  | this is no host's address; write the name or ip that clients know
          relay-servers         | 255.255.255.255:21117 | this is no host's address; write the name or ip that clients know
          relay-servers         | 010.0.0.1  | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-servers         | a b        | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-name            | a,b        | write one host
          relay-name            | :::        | write host or host:port, several with commas, an IPv6 ip in [ ]
          relay-name            | 0.0.0.0:21117 | this is no host's address; write the name or ip that clients know
          relay-name            | [fe80::1]:21117 | this is no host's address; write the name or ip that clients know
          local-ip              | a,b        | write one host
          local-ip              | 192.168.1.300 | write host or host:port, several with commas, an IPv6 ip in [ ]
          local-ip              | 0.0.0.0    | this is no host's address; write the name or ip that clients know
          local-ip              | ff02::1    | this is no host's address; write the name or ip that clients know
          bind                  | eth0       | write one ip of this machine, or nothing for all
          bind                  | 1.2.3      | write one ip of this machine, or nothing for all
          bind                  | 1.2.3.400  | write one ip of this machine, or nothing for all
          bind                  | fe80::1    | add its interface, such as fe80::1%eth0
          bind                  | 10.0.0.1%eth0 | write it without its interface
          bind                  | 2001:db8::1%eth0 | write it without its interface
          bind                  | localhost  | write one ip of this machine, or nothing for all
          bind                  | 1.1.1.1,2.2.2.2 | write one ip of this machine, or nothing for all
          bind                  | 224.0.0.1  | write one ip of this machine, or nothing for all
          bind                  | 255.255.255.255 | write one ip of this machine, or nothing for all
          bind                  | 010.0.0.1  | write one ip of this machine, or nothing for all
          bind                  | fe80::1%   | add its interface, such as fe80::1%eth0
          bind                  | 10.0.0.1:21116 | write one ip of this machine, or nothing for all
          mask                  | 0.0.0.0    | this is no host's address; all addresses are 0.0.0.0/0 and ::/0
          mask                  | 10         | write a network like 192.168.0.0/16
          mask                  | 10.0.0.0/33 | write a network like 192.168.0.0/16
          mask                  | localhost  | write a network like 192.168.0.0/16
          exempt-networks       | 010.0.0.0/8 | write a network like 192.168.0.0/16
          exempt-networks       | 1.2.3.4/x  | write a network like 192.168.0.0/16
          trusted-proxies       | ::         | this is no host's address; all addresses are 0.0.0.0/0 and ::/0
          trusted-proxies       | proxy.example | write a network like 192.168.0.0/16
          seed-nodes            | [fe80::1]:5 | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | 224.0.0.1  | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | a b        | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | a:0        | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | a:70000    | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | ::1        | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | 0.0.0.0    | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | [::]:25520 | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | 10.0.0.300 | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | [1:2:3]    | write host or host:port, several with commas, an IPv6 ip in [ ]
          seed-nodes            | rally_1    | no node has an address with _ in the last part of its name; write another name or the ip
          seed-nodes            | a.b_c:9    | no node has an address with _ in the last part of its name; write another name or the ip
          seed-nodes            | node1      | a cluster needs one database for all of its nodes; write a PostgreSQL db-url
          cluster-host          | 224.0.0.1  | other nodes cannot reach this one by it; write its name or another ip
          cluster-host          | node1:25520 | write a name or an ip, without a port
          cluster-host          | 10.0.0.1:9 | write a name or an ip, without a port
          cluster-host          | 0.0.0.0    | other nodes cannot reach this one by it; write its name or another ip
          cluster-host          | ::         | other nodes cannot reach this one by it; write its name or another ip
          cluster-host          | fe80::1    | other nodes cannot reach this one by it; write its name or another ip
          cluster-host          | fe80::1%eth0 | write a name or an ip, without a port
          cluster-host          | 10.0.0.300 | write a name or an ip, without a port
          cluster-host          | ${HOST}    | write a name or an ip, without a port
          cluster-host          | a,b        | write a name or an ip, without a port
          cluster-host          | 1:2:3      | write a name or an ip, without a port
          cluster-host          | rally_1    | no node has an address with _ in the last part of its name; write another name or the ip
          cluster-host          | a.b_c      | no node has an address with _ in the last part of its name; write another name or the ip
          management-bind       | ff02::1%eth0 | write it without its interface
          """)
  void refusesABadAddressInOneLine(String name, String value, String advice) {
    assertThatThrownBy(written.ini(name + " = " + value)::load)
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith(name + " = ")
        .endsWith("(from hbbs.ini:1): " + advice)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.2, 192.168.1.2",
    "::1, 0:0:0:0:0:0:0:1",
    "[::1], 0:0:0:0:0:0:0:1",
    "fe80::1%eth0, fe80:0:0:0:0:0:0:1%eth0",
    // All of this machine, and no address of it.
    "0.0.0.0, ''",
    "::, ''",
    "[::], ''",
    "*, ''"
  })
  void bindsToOneIpOrToAll(String text, String ip) {
    assertThat(written.flag("bind", text).node().bind()).isEqualTo(ip);
  }

  @ParameterizedTest
  @CsvSource({
    "bücher.example, xn--bcher-kva.example",
    "node1.example, node1.example",
    "[2001:db8::1], 2001:db8::1",
    "2001:db8::1, 2001:db8::1"
  })
  void namesItselfToOtherNodesInTheLettersOfDns(String text, String host) {
    assertThat(written.flag("cluster-host", text).node().cluster().host()).isEqualTo(host);
  }

  @Test
  void takesSeveralRelaysAndNetworks() {
    written
        .flag("relay-servers", " a.example ,b.example:21117,,[2001:db8::1]:5, 2001:db8::2")
        .flag("mask", "192.168.0.0/16, 10.1.2.3/8, 2001:db8::/32")
        .flag("exempt-networks", "127.0.0.1");
    NodeSettings node = written.node();
    assertThat(node.rendezvous().relayServers())
        .containsExactly("a.example", "b.example:21117", "[2001:db8::1]:5", "2001:db8::2");
    assertThat(node.rendezvous().lan()).hasSize(3);
    assertThat(node.rendezvous().lan().get(1).contains(new byte[] {10, 9, 9, 9})).isTrue();
    assertThat(node.rendezvous().registration().exempt())
        .isEqualTo(node.relay().connections().exempt())
        .hasSize(1);
  }

  @Test
  void readsSeedNodesWithAndWithoutPorts() throws Exception {
    assertThat(
            written
                .ini("seed-nodes = node1, node2:9, [::1]:8, 10.0.0.7\ndb-url = postgres://u@h/d")
                .load()
                .node()
                .cluster()
                .seeds())
        .extracting(seed -> seed.getHostString() + " " + seed.getPort())
        .containsExactly("node1 25520", "node2 9", "::1 8", "10.0.0.7 25520");
  }
}
