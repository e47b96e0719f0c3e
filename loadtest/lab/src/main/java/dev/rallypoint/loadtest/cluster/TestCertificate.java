package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The self-signed certificate of all nodes of a cluster, created by keytool. */
public final class TestCertificate {
  /** The one address that clients have for all nodes. */
  public static final String SHARED_ADDRESS = "203.0.113.10";

  private static final String PASSWORD = "lab-lab";

  private final Path folder;

  /** Uses this folder for its files. */
  public TestCertificate(Path folder) {
    this.folder = folder;
  }

  /** Creates an ECDSA certificate for the shared address and these addresses. */
  public void create(List<String> addresses) {
    create(addresses, List.of("-keyalg", "EC", "-groupname", "secp256r1"));
  }

  /** Creates the certificate with an RSA key of 2048 bits. */
  public void createRsa(List<String> addresses) {
    create(addresses, List.of("-keyalg", "RSA", "-keysize", "2048"));
  }

  private void create(List<String> addresses, List<String> algorithm) {
    Path store = folder.resolve("certificate.p12");
    String names =
        Stream.concat(Stream.of(SHARED_ADDRESS), addresses.stream())
            .map(address -> "ip:" + address)
            .collect(Collectors.joining(","));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", "lab", "-dname", "CN=lab", "-validity", "10"));
    command.addAll(algorithm);
    command.addAll(List.of("-ext", "san=" + names, "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    ExternalCommand.run(command.toArray(String[]::new));
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      write(certificate(), "CERTIFICATE", keys.getCertificate("lab").getEncoded());
      write(key(), "PRIVATE KEY", keys.getKey("lab", PASSWORD.toCharArray()).getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new EnvironmentException("the certificate was not created: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  /** The PEM file with the certificate. */
  public Path certificate() {
    return folder.resolve("certificate.pem");
  }

  /** The PEM file with the private key. */
  public Path key() {
    return folder.resolve("certificate-key.pem");
  }
}
