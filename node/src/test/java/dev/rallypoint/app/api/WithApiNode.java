package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestSettings;
import org.junit.jupiter.api.BeforeAll;

/** A node with an API in TLS too, and an administrator. */
abstract class WithApiNode extends WithApiCalls {
  @BeforeAll
  static void start() throws Exception {
    TestCertificate.of("localhost", "EC").writeTo(folder);
    start(TestSettings.in(folder).tls(folder).onePort());
  }

  /** Makes a token of a program by the command. */
  static String programToken(String name, String scopes) {
    Shell shell = new Shell(folder);
    assertThat(run(shell, "admin", "api-token", "create", name, "--scopes", scopes)).isZero();
    return shell.out().strip();
  }
}
