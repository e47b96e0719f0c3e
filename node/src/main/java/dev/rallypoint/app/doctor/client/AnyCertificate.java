package dev.rallypoint.app.doctor.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes every certificate, so that what is behind it can be looked at too; the certificate has a
 * row of its own. Nothing secret is sent to a server that is only looked at.
 */
final class AnyCertificate extends X509ExtendedTrustManager {
  private final AtomicReference<List<X509Certificate>> shown = new AtomicReference<>(List.of());

  /** A client's side of TLS that takes every certificate. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** The chain that was shown last, the server's own certificate first; empty before. */
  List<X509Certificate> chain() {
    return shown.get();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    shown.set(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
    shown.set(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    shown.set(List.of(chain));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
