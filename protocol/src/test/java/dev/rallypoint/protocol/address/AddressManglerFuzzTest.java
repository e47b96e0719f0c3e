package dev.rallypoint.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;

/**
 * Any bytes decode to an address that can be written, sent on and read back as it is.
 *
 * <p>A plain {@code mvn test} runs the kept inputs under {@code src/test/resources}. To search for
 * new ones: {@code JAZZER_FUZZ=1 mvn -pl protocol test -Dtest=AddressManglerFuzzTest}.
 */
class AddressManglerFuzzTest {

  @FuzzTest(maxDuration = "30s")
  void decodesAnyBytes(byte[] input) {
    PeerAddress address = AddressMangler.decode(ByteString.copyFrom(input));
    ByteString again = AddressMangler.encode(address, input.length * 0x1234_5678L);

    assertThat(AddressMangler.decode(again)).isEqualTo(address);
    assertThat(PeerAddress.of(address.toSocketAddress())).isEqualTo(address);
    assertThat(address.toString()).endsWith(":" + address.port());
  }
}
