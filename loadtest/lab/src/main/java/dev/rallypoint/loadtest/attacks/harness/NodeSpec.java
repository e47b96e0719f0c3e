package dev.rallypoint.loadtest.attacks.harness;

import java.util.ArrayList;
import java.util.List;

/**
 * How the attacked node is started.
 *
 * @param settings {@code name=value}, beside its address and ports
 * @param javaOptions flags for its Java, such as {@code -Xmx256m}; empty for none
 * @param descriptors the limit of its file descriptors; 0 for that of this process
 * @param certificate the key of its TLS certificate; with one it has an https-port
 */
public record NodeSpec(
    List<String> settings, String javaOptions, int descriptors, Certificate certificate) {
  /** A node with default settings. */
  public static final NodeSpec DEFAULT = new NodeSpec(List.of(), "", 0, Certificate.NONE);

  /** The kind of key of a certificate. */
  public enum Certificate {
    /** No certificate. */
    NONE,
    /** RSA with 2048 bits. */
    RSA,
    /** ECDSA with the curve P-256. */
    ECDSA
  }

  /** The same node with flags for its Java. */
  public NodeSpec withJavaOptions(String options) {
    return new NodeSpec(settings, options, descriptors, certificate);
  }

  /** The same node with a limit of its file descriptors. */
  public NodeSpec withDescriptors(int limit) {
    return new NodeSpec(settings, javaOptions, limit, certificate);
  }

  /** The same node with a TLS certificate and an https-port. */
  public NodeSpec withCertificate(Certificate key) {
    return new NodeSpec(settings, javaOptions, descriptors, key);
  }

  /** The same node with one more setting. */
  public NodeSpec with(String setting) {
    List<String> all = new ArrayList<>(settings);
    all.add(setting);
    return new NodeSpec(List.copyOf(all), javaOptions, descriptors, certificate);
  }

  List<String> prefix() {
    return descriptors == 0
        ? List.of()
        : List.of("prlimit", "--nofile=" + descriptors + ":" + descriptors);
  }
}
