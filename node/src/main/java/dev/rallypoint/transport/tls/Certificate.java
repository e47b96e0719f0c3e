package dev.rallypoint.transport.tls;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.TlsSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The node's certificate, ready for connections.
 *
 * @param context makes the server's side of connections
 * @param problem why clients will not take it now: it has expired or is not yet good
 * @param end when it runs out: the first of its chain that does
 */
public record Certificate(SSLContext context, Optional<String> problem, Instant end) {
  /**
   * Reads it from its files.
   *
   * @throws SettingException when a file cannot be read or used, or the two do not belong together
   */
  public static Certificate load(TlsSettings files) {
    OwnCertificate own = OwnCertificate.of(PemFiles.of(files));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.keyManagers(), null, null);
      return new Certificate(context, own.problem(), own.end());
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingException(
          TlsSettings.CERTIFICATE,
          files.certificate(),
          "it cannot be used (%s): write the node's own certificate first, then each one's issuer"
              .formatted(e.getMessage()));
    }
  }
}
