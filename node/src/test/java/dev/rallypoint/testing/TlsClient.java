package dev.rallypoint.testing;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The client's side of TLS over a connection. */
public final class TlsClient implements AutoCloseable {
  private final TcpClient below;
  private final SSLSocket socket;

  private TlsClient(TcpClient below, SSLContext context) throws IOException {
    this.below = below;
    this.socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(below.socket(), "node.example", 443, true);
    socket.setUseClientMode(true);
  }

  /** One that takes every certificate and speaks one version. */
  public static TlsClient of(TcpClient below, String version) throws IOException {
    TlsClient client = new TlsClient(below, TestCertificate.trustingAll());
    client.socket.setEnabledProtocols(new String[] {version});
    return client;
  }

  /** One that takes no certificate that it does not know. */
  public static TlsClient verifying(TcpClient below) throws IOException {
    try {
      return new TlsClient(below, SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public PeerAddress address() {
    return below.address();
  }

  public void shakeHands() throws IOException {
    socket.startHandshake();
  }

  /** Sends a line and gives what comes next. */
  public String say(String line) throws IOException {
    socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[64 * 1024];
    int length = 0;
    // An answer may come in several records; its end is the line's.
    String soFar = "";
    while (!soFar.endsWith(line.substring(Math.max(0, line.length() - 9)))) {
      int read = socket.getInputStream().read(answer, length, answer.length - length);
      if (read < 0) {
        throw new IOException("closed instead of an answer");
      }
      length += read;
      soFar = new String(answer, 0, length, StandardCharsets.US_ASCII);
    }
    return soFar;
  }

  /** Whether the server ends the connection. */
  public boolean isEnded() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** The subject of the server's certificate. */
  public String certificateName() throws IOException {
    X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return own.getSubjectX500Principal().getName();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    below.close();
  }
}
