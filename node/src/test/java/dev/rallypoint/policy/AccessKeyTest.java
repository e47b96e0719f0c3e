package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which access keys are served, and what a log shows of a key. */
class AccessKeyTest {
  private final AccessKey key = new AccessKey("OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=");

  @Test
  void admitsTheExactTextOnly() {
    assertThat(key.admits("OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=")).isTrue();
    assertThat(key.admits("OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw")).isFalse();
    assertThat(key.admits("")).isFalse();
  }

  @Test
  void admitsEverybodyWhenItIsEmpty() {
    assertThat(new AccessKey("").admits("whatever")).isTrue();
  }

  @Test
  void showsAKeyOnlyAsAFingerprint() {
    assertThat(key.toString()).doesNotContain("OeVu");
    assertThat(AccessKey.fingerprint("secret")).hasSize(12).doesNotContain("secret");
    assertThat(AccessKey.fingerprint("")).isEqualTo("none");
  }
}
