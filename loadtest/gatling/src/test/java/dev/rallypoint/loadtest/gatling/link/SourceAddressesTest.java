package dev.rallypoint.loadtest.gatling.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
  @Test
  void leavesOutAddressesThatCannotBeBound() {
    List<String> texts =
        SourceAddresses.from("127.18.0.253", 4).addresses().stream()
            .map(InetAddress::getHostAddress)
            .toList();

    assertThat(texts).containsExactly("127.18.0.253", "127.18.0.254", "127.18.1.1", "127.18.1.2");
  }

  @Test
  void givesUsersTheirAddressesInTurn() {
    SourceAddresses two = SourceAddresses.from("127.18.0.1", 2);

    assertThat(two.of(4)).isEqualTo(two.of(2)).isNotEqualTo(two.of(3));
  }

  @Test
  void leavesTheChoiceToTheSystemWithoutAny() {
    assertThat(SourceAddresses.SYSTEM.of(7)).isNull();
  }

  @Test
  void refusesWhatIsNoRangeOfIpv4() {
    assertThatThrownBy(() -> SourceAddresses.from("::1", 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SourceAddresses.from("127.0.0.1", 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
