package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.KeyPolicy.Known;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.policy.KeyPolicy.Verdict.Accepted;
import dev.rallypoint.policy.KeyPolicy.Verdict.Ignored;
import dev.rallypoint.policy.KeyPolicy.Verdict.Refused;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose an id is, as a table of what is stored and what a RegisterPk brings. */
class KeyPolicyTest {
  private static final String IP = "203.0.113.7";
  private static final ByteString UUID = ByteString.copyFromUtf8("machine-a");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);

  private static RegisterPk.Builder request() {
    return RegisterPk.newBuilder().setId("123456789").setUuid(UUID).setPk(KEY);
  }

  private static Verdict judgeUnknown(RegisterPk request) {
    return KeyPolicy.judge(Optional.empty(), request, IP);
  }

  private static ByteString part(String what, ByteString own, ByteString other) {
    return switch (what) {
      case "same" -> own;
      case "none" -> ByteString.EMPTY;
      default -> other;
    };
  }

  @ParameterizedTest(name = "uuid {0}, key {1}, ip {2}: {3}")
  @CsvSource({
    "same,  same,  same,  none",
    "same,  other, same,  identity",
    "same,  same,  other, ip",
    "same,  other, other, mismatch",
    "other, same,  same,  mismatch",
    "other, same,  other, mismatch",
    "other, other, same,  mismatch",
    "other, other, other, mismatch",
    "none,  same,  same,  identity",
    "none,  same,  other, identity",
    "none,  other, same,  identity",
    "none,  other, other, mismatch",
    "same,  none,  same,  identity",
    "same,  none,  other, identity",
    "other, none,  same,  mismatch",
    "none,  none,  none,  identity",
    "same,  same,  none,  ip",
    "same,  other, none,  identity",
    "other, same,  none,  mismatch",
    "same,  short, other, identity",
    "same,  short, same,  identity",
  })
  void comparesWithWhatIsStored(String uuid, String key, String ip, String expected) {
    Known known =
        new Known(
            part(uuid, UUID, ByteString.copyFromUtf8("machine-b")),
            key.equals("short")
                ? ByteString.copyFromUtf8("odd")
                : part(key, KEY, ByteString.copyFrom(new byte[31]).concat(UUID.substring(0, 1))),
            part(ip, ByteString.copyFromUtf8(IP), ByteString.copyFromUtf8("198.51.100.1"))
                .toStringUtf8());

    Verdict verdict = KeyPolicy.judge(Optional.of(known), request().build(), IP);

    assertThat(verdict)
        .isEqualTo(
            switch (expected) {
              case "mismatch" -> new Refused(Result.UUID_MISMATCH);
              default -> new Accepted(Change.valueOf(expected.toUpperCase(Locale.ROOT)));
            });
  }

  @Test
  void acceptsAnIdNobodyHas() {
    assertThat(judgeUnknown(request().build())).isEqualTo(new Accepted(Change.IDENTITY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "12345"})
  void letsTheClientDrawAnotherIdForOneThatIsTooShort(String id) {
    assertThat(judgeUnknown(request().setId(id).build()))
        .isEqualTo(new Refused(Result.UUID_MISMATCH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"123456", "my-laptop", "h\u00f6st.example.org", "host name"})
  void acceptsChosenNamesAndHostNames(String id) {
    assertThat(judgeUnknown(request().setId(id).build())).isEqualTo(new Accepted(Change.IDENTITY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234567\n", "\u00001234567", "123\u001b[2J456", "1234567\u0085"})
  void refusesControlCharactersInAnId(String id) {
    assertThat(judgeUnknown(request().setId(id).build()))
        .isEqualTo(new Refused(Result.INVALID_ID_FORMAT));
  }

  @ParameterizedTest
  @CsvSource({"100, true", "101, false"})
  void refusesAnIdLongerThanTheColumn(int length, boolean accepted) {
    assertThat(judgeUnknown(request().setId("x".repeat(length)).build()))
        .isEqualTo(
            accepted ? new Accepted(Change.IDENTITY) : new Refused(Result.INVALID_ID_FORMAT));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("no uuid", request().clearUuid()),
        Arguments.of("no key", request().clearPk()),
        Arguments.of("a changed id", request().clearPk().setOldId("987654321")),
        Arguments.of("a short key", request().setPk(ByteString.copyFrom(new byte[31]))),
        Arguments.of("a long key", request().setPk(ByteString.copyFrom(new byte[33]))),
        Arguments.of("a huge uuid", request().setUuid(ByteString.copyFrom(new byte[257]))),
        Arguments.of("nothing", RegisterPk.newBuilder()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void ignoresWhatNoClientSends(String what, RegisterPk.Builder request) {
    assertThat(judgeUnknown(request.build())).isEqualTo(new Ignored());
  }

  @ParameterizedTest(name = "uuid {0}, key {1}, ip {2}, at home {3}: {4}")
  @CsvSource({
    "same,  none,  same,  false, true",
    "same,  none,  other, false, false",
    "same,  none,  other, true,  true",
    "same,  same,  other, false, true",
    "same,  other, other, false, false",
    "other, same,  same,  true,  false",
    "none,  same,  same,  true,  false",
  })
  void letsADeviceRenameItsIdThatProvesMoreThanItsUuid(
      String uuid, String key, String ip, boolean isAtHome, boolean mayRename) {
    ByteString other = ByteString.copyFromUtf8("another key of 32 bytes, exactly");
    String from = ip.equals("same") ? IP : "198.51.100.20";

    assertThat(
            KeyPolicy.mayRename(
                new Known(UUID, KEY, IP),
                part(uuid, UUID, other),
                part(key, KEY, other),
                from,
                isAtHome))
        .isEqualTo(mayRename);
  }
}
