package dev.rallypoint.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  /** Of the reference program: {@code echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1}. */
  private static final String REFERENCE =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  @Test
  void knowsThePasswordOfAHashOfTheReferenceProgram() {
    PasswordHash hash = PasswordHash.parse(REFERENCE).orElseThrow();

    assertThat(hash.isOf("password")).isTrue();
    assertThat(hash.isOf("Password")).isFalse();
    assertThat(hash.isOutdated()).isTrue();
  }

  @Test
  void readsWhatItWrites() {
    PasswordHash hash = PasswordHash.of("grüße 密码", new byte[16]);

    PasswordHash read = PasswordHash.parse(hash.text()).orElseThrow();

    assertThat(read.isOf("grüße 密码")).isTrue();
    assertThat(read.isOutdated()).isFalse();
  }

  @Test
  void hasNoHashInItsText() {
    PasswordHash hash = PasswordHash.parse(REFERENCE).orElseThrow();
    assertThat(hash.toString()).doesNotContain("nf65EOgL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$2a$10$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=999,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
      })
  void takesNoOtherForm(String text) {
    assertThat(PasswordHash.parse(text)).isEmpty();
  }
}
