package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parsing and editing of the block lists. */
class AddressListTest {
  private final AddressList list =
      AddressList.of(
          "blocklist.txt",
          List.of("# ours", "", "203.0.113.7", " 198.51.100.0/24 # lab", "2001:db8::/32", "::2"));

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, true",
    "203.0.113.8, false",
    "198.51.100.255, true",
    "198.51.101.0, false",
    "2001:db8::1, true",
    "2001:db9::1, false",
    "::2, true"
  })
  void findsHostsAndNetworks(String ip, boolean isListed) throws Exception {
    PeerAddress address = PeerAddress.of(InetAddress.getByName(ip), 4711);
    assertThat(list.contains(address)).isEqualTo(isListed);
    assertThat(list.contains(ip)).isEqualTo(isListed);
  }

  @ParameterizedTest
  @CsvSource({"example.org", "1.2.3.4/33", "1.2.3.4/x", "10.0.0.0/8/8"})
  void namesTheFileAndLineThatIsNone(String bad) {
    assertThatThrownBy(() -> AddressList.of("blacklist.txt", List.of("# x", bad)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("blacklist.txt line 2")
        .hasMessageContaining(bad);
  }

  @Test
  void addsAtTheEndAndOnlyOnce() {
    assertThat(list.with("192.0.2.1").with("192.0.2.1").entries())
        .endsWith("::2", "192.0.2.1")
        .hasSize(5);
  }

  @Test
  void removesWhateverTheSpellingAndKeepsComments() {
    AddressList less = list.without("198.51.100.77/24").without("2001:0db8::/32");
    assertThat(less.lines()).containsExactly("# ours", "", "203.0.113.7", "::2");
  }

  @Test
  void removesAllButComments() {
    assertThat(list.withoutAll().lines()).containsExactly("# ours", "");
  }

  @Test
  void theEmptyListHoldsNobody() {
    assertThat(AddressList.EMPTY.contains("203.0.113.7")).isFalse();
  }
}
