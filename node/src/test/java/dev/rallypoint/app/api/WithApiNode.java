package dev.rallypoint.app.api;

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
}
