package dev.rallypoint.app.api;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.ApiTokens;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.account.Logins;
import dev.rallypoint.account.PasswordHasher;
import dev.rallypoint.account.Seal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.api.AccountPages;
import dev.rallypoint.api.AccountRoutes;
import dev.rallypoint.api.ApiHttp;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.util.Optional;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** The HTTP API of a node: its services, and what answers by them. */
public final class ApiService {
  private final ApiCalls calls;
  private final ApiHttp http;
  private final AdminRoutes admin;
  private final DeviceAdminRoutes deviceAdmin;
  private final SetupCodeFile setupCode;

  private ApiService(
      ApiCalls calls,
      ApiHttp http,
      AdminRoutes admin,
      DeviceAdminRoutes deviceAdmin,
      SetupCodeFile setupCode) {
    this.calls = calls;
    this.http = http;
    this.admin = admin;
    this.deviceAdmin = deviceAdmin;
    this.setupCode = setupCode;
  }

  /**
   * The API of a node. Where there is no administrator yet, it writes a set-up code into the data
   * folder.
   *
   * @param pair the server's secret key pair, where the node has it
   * @param directory where the peers are
   */
  public static ApiService start(
      NodeParts parts, Optional<SigningKey> pair, DeviceNode devices, PeerDirectory directory) {
    Secrets secrets = new Secrets(new SecureRandom());
    PasswordHasher hasher = new PasswordHasher(secrets);
    parts.system().getWhenTerminated().thenRun(hasher::close);
    AccountParts shared =
        new AccountParts(
            devices.database(),
            hasher,
            secrets,
            pair.map(known -> new Seal(known, secrets)),
            parts.wallClock());
    Accounts accounts = new Accounts(shared);
    Invitations invitations = new Invitations(shared, accounts);
    SetupCodeFile setupCode = new SetupCodeFile(parts.settings().data());
    ApiRouter router = new ApiRouter(devices.pace(), parts.counters(), parts.ticker());
    Logins logins = new Logins(shared);
    ApiTokens tokens = new ApiTokens(shared, logins);
    AccountRoutes.addTo(router, logins);
    DeviceAdminRoutes deviceAdmin =
        devices.addTo(router, new SignedIn(logins, tokens), tokens, directory);
    AccountPages.addTo(router, invitations, setupCode::remove);
    setupCode.write(invitations.setupCode());
    return new ApiService(
        new ApiCalls(router),
        new ApiHttp(
            parts.system(),
            router,
            new Networks(parts.settings().entrance().proxies().trusted()),
            parts.settings().rendezvous().firstFrame(),
            parts.counters()),
        new AdminRoutes(accounts, invitations),
        deviceAdmin,
        setupCode);
  }

  /** Answers the calls that clients send over a connection to the ID server. */
  public HttpProxyHandler calls() {
    return calls;
  }

  /** Answers requests at other ports than its own. */
  public HttpRequests requests() {
    return http;
  }

  /** What operators ask and tell, below {@code /v1/} of the management port. */
  public Route routes() {
    return Directives.concat(admin.all(), deviceAdmin.all());
  }

  ApiHttp http() {
    return http;
  }

  /** Its own port is open. */
  void opened() {
    calls.open();
    setupCode.tell();
  }
}
