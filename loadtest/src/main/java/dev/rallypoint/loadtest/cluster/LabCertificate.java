package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The certificate of a lab's nodes, made by the JDK's keytool. */
public final class LabCertificate {
  /** The address under which clients know all nodes together. */
  public static final String SHARED_ADDRESS = "203.0.113.10";

  private static final String PASSWORD = "lab-lab";

  private final Path folder;

  LabCertificate(Path folder) {
    this.folder = folder;
  }

  /** Makes it, for the shared address and for these. */
  void create(List<String> addresses) {
    Path store = folder.resolve("certificate.p12");
    String names =
        Stream.concat(Stream.of(SHARED_ADDRESS), addresses.stream())
            .map(address -> "ip:" + address)
            .collect(Collectors.joining(","));
    Program.run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "lab",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=lab",
        "-validity",
        "10",
        "-ext",
        "san=" + names,
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      write(chain(), "CERTIFICATE", keys.getCertificate("lab").getEncoded());
      write(key(), "PRIVATE KEY", keys.getKey("lab", PASSWORD.toCharArray()).getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new LabException("no certificate: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  /** The file with the certificate. */
  public Path chain() {
    return folder.resolve("certificate.pem");
  }

  /** The file with its secret key. */
  Path key() {
    return folder.resolve("certificate-key.pem");
  }
}
