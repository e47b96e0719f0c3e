package dev.rallypoint.app.doctor.client;

import com.google.protobuf.ByteString;
import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClockVerdicts;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.KeyVerdicts;
import dev.rallypoint.app.doctor.ListenerVerdicts;
import dev.rallypoint.app.doctor.RelayVerdicts;
import dev.rallypoint.app.doctor.RouteVerdicts;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Asks a server all that a client needs of it, from this machine. The questions are asked side by
 * side; all together take some 20 s at most.
 */
public final class ClientDoctor {
  private final ServerName server;
  private final InetAddress host;
  private final WallClock clock;
  private final Ticker ticker;
  private final ExecutorService threads;
  private final HttpClient http;

  private ClientDoctor(
      ServerName server,
      InetAddress host,
      WallClock clock,
      Ticker ticker,
      ExecutorService threads,
      HttpClient http) {
    this.server = server;
    this.host = host;
    this.clock = clock;
    this.ticker = ticker;
    this.threads = threads;
    this.http = http;
  }

  /** Asks everything. Blocks. */
  public static Diagnosis diagnose(ServerName server, WallClock clock, Ticker ticker) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = WebSocketLink.http()) {
      NameProbe.Found name = NameProbe.find(server, threads);
      List<Finding> rows = new ArrayList<>();
      rows.add(name.row());
      name.best()
          .ifPresent(host ->
              rows.addAll(
                  new ClientDoctor(server, host, clock, ticker, threads, http)
                      .findings(name.addresses())));
      http.shutdownNow();
      return new Diagnosis(server.toString(), rows);
    }
  }

  private List<Finding> findings(List<InetAddress> addresses) {
    ListenerProbe listeners = new ListenerProbe(server, host);
    var udp = begin(() -> listeners.udp("doctor"));
    var tcp = begin(listeners::tcp);
    var encrypted = begin(listeners::encryptedLink);
    List<CompletableFuture<List<ByteString>>> offers =
        addresses.stream()
            .map(address -> begin(() -> new EncryptedLinkProbe(server, address).offers()))
            .toList();
    var webSockets = begin(this::webSockets);
    var certificate = begin(this::certificate);
    var times = begin(this::http);
    var route = begin(this::route);
    var punch =
        begin(() -> new PunchProbe(server, host, clock, http, threads).find(idServerUrls()));
    var relay = punch.thenApplyAsync(found -> relay(found.relay()), threads);

    List<Finding> rows = new ArrayList<>();
    rows.add(ListenerVerdicts.udp(at(server.port()), udp.join()));
    ListenerProbe.Ports ports = tcp.join();
    rows.add(ListenerVerdicts.required(Check.ID_SERVER, at(server.port()), ports.idServer()));
    rows.add(
        ListenerVerdicts.required(Check.NAT_TEST_PORT, at(server.natTestPort()), ports.natTest()));
    rows.add(ports.nat().finding());
    if (ports.idServer() == Contact.ANSWERED) {
      rows.add(encrypted.join());
    }
    PunchProbe.Found punched = punch.join();
    rows.addAll(punched.rows());
    rows.add(
        new KeyVerdicts(
                server.key(),
                Stream.concat(
                        offers.stream().map(CompletableFuture::join).flatMap(List::stream),
                        punched.signed().stream())
                    .toList(),
                punched.isAccessRefused())
            .finding());
    rows.addAll(relay.join());
    rows.addAll(webSockets.join());
    certificate.join().ifPresent(rows::add);
    rows.addAll(times.join());
    rows.add(route.join());
    return KeyVerdicts.toldOnce(rows);
  }

  private <T> CompletableFuture<T> begin(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, threads);
  }

  private String at(int port) {
    return server.host() + ":" + port;
  }

  private List<Finding> relay(Optional<String> named) {
    List<Finding> rows = new RelayProbe(server, host, ticker, threads).find(named.orElse(""));
    return named.isPresent()
        ? rows
        // Nobody was told which relay: only whether the usual port is there is of use.
        : List.of(rows.getFirst(), RelayVerdicts.notTried());
  }

  private URI url(String scheme, String name, int port, String path) {
    return URI.create("%s://%s:%d%s".formatted(scheme, uriHost(name), port, path));
  }

  private static String uriHost(String name) {
    return name.contains(":") ? "[" + name + "]" : name;
  }

  private List<URI> idServerUrls() {
    URI direct = url("ws", server.host(), server.webSocketPort(), "/");
    return server.isIp()
        ? List.of(direct)
        : List.of(
            direct,
            url("ws", server.host(), server.web().plain(), "/ws/id"),
            url("wss", server.host(), server.web().tls(), "/ws/id"));
  }

  /** The WebSocket ways; those by name only where the server is known by one. */
  private List<Finding> webSockets() {
    WebSocketProbe probe = new WebSocketProbe(http, server.key());
    String name = server.host();
    List<CompletableFuture<Finding>> rows = new ArrayList<>();
    rows.add(idServer(probe, Check.WEBSOCKET, url("ws", name, server.webSocketPort(), "/")));
    rows.add(relay(probe, Check.RELAY_WEBSOCKET, url("ws", name, server.relayPort() + 2, "/")));
    if (!server.isIp()) {
      int plain = server.web().plain();
      int tls = server.web().tls();
      rows.add(idServer(probe, Check.WS_ID, url("ws", name, plain, "/ws/id")));
      rows.add(relay(probe, Check.WS_RELAY, url("ws", name, plain, "/ws/relay")));
      rows.add(idServer(probe, Check.WSS_ID, url("wss", name, tls, "/ws/id")));
      rows.add(relay(probe, Check.WSS_RELAY, url("wss", name, tls, "/ws/relay")));
    }
    return rows.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Finding> idServer(WebSocketProbe probe, Check check, URI url) {
    return begin(() -> probe.idServer(url).ofIdServer(check));
  }

  private CompletableFuture<Finding> relay(WebSocketProbe probe, Check check, URI url) {
    return begin(() -> probe.relay(url).ofRelay(check, !server.key().isEmpty()));
  }

  private Optional<Finding> certificate() {
    return server.isIp()
        ? Optional.empty()
        : Optional.of(
            new CertificateProbe(server.host(), new InetSocketAddress(host, server.web().tls()))
                .finding(clock.instant()));
  }

  /** The rows of the API's port and of the clock, which any HTTP answer may tell. */
  private List<Finding> http() {
    HttpProbe probe = new HttpProbe(http, clock);
    HttpProbe.Answer api = probe.get(url("http", server.host(), server.apiPort(), "/"));
    Optional<Duration> ahead = api.ahead();
    List<URI> others = new ArrayList<>();
    others.add(url("http", server.host(), server.webSocketPort(), "/"));
    if (!server.isIp()) {
      others.add(url("https", server.host(), server.web().tls(), "/"));
      others.add(url("http", server.host(), server.web().plain(), "/"));
    }
    for (URI other : others) {
      if (ahead.isEmpty()) {
        ahead = probe.get(other).ahead();
      }
    }
    return List.of(
        ListenerVerdicts.api(at(server.apiPort()), api.contact(), api.status()),
        ClockVerdicts.ofServer(ahead));
  }

  private Finding route() {
    PeerAddress local = PeerAddress.ABSENT;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(host, server.port()));
      local = PeerAddress.of(Objects.requireNonNull(socket.getLocalAddress()), 0);
    } catch (SocketException e) {
      // There is no route; the other rows tell of it.
    }
    return new RouteVerdicts(local, local.isLoopback() ? List.of() : RouteProbe.to(host)).finding();
  }
}
