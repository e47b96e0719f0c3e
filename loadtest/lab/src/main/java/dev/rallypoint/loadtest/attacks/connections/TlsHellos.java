package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec.Certificate;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Begins TLS handshakes and never ends them: the node has signed by then.
 *
 * @param name the name of the attack
 * @param certificate the key of the node's certificate
 */
public record TlsHellos(String name, Certificate certificate) implements Attack {
  private static final int PER_SECOND = 400;
  private static final int MOST_OPEN = 800;

  /** With both kinds of certificates. */
  public static List<Attack> all() {
    return List.of(
        new TlsHellos("tls-hellos-rsa", Certificate.RSA),
        new TlsHellos("tls-hellos-ecdsa", Certificate.ECDSA));
  }

  @Override
  public String description() {
    return "TLS handshakes that are begun and never ended, 400 a second; a certificate with "
        + certificate;
  }

  @Override
  public NodeSpec node() {
    return NodeSpec.DEFAULT.withCertificate(certificate);
  }

  @Override
  public void run(AttackContext context) throws Exception {
    byte[] hello = hello();
    Queue<SocketChannel> begun = new ArrayDeque<>();
    try (RawConnections connections = RawConnections.start(context)) {
      context.repeat(
          PER_SECOND,
          () -> {
            connections.open(context.node().https(), hello, true).ifPresent(begun::add);
            if (begun.size() > MOST_OPEN) {
              connections.close(begun.remove());
            }
          });
    }
  }

  private static byte[] hello() throws GeneralSecurityException, SSLException {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    client.setUseClientMode(true);
    ByteBuffer bytes = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), bytes);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
