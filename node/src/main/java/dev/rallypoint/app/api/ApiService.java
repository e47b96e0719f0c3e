package dev.rallypoint.app.api;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.account.Logins;
import dev.rallypoint.account.Organization;
import dev.rallypoint.account.PasswordHasher;
import dev.rallypoint.account.Seal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.api.AccountPages;
import dev.rallypoint.api.AccountRoutes;
import dev.rallypoint.api.ApiHttp;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.DeviceRoutes;
import dev.rallypoint.device.Devices;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.util.Optional;
import org.apache.pekko.http.javadsl.server.Route;

/** The HTTP API of a node: its services, and what answers by them. */
public final class ApiService {
  private final ApiCalls calls;
  private final ApiHttp http;
  private final AdminRoutes admin;
  private final SetupCodeFile setupCode;

  private ApiService(ApiCalls calls, ApiHttp http, AdminRoutes admin, SetupCodeFile setupCode) {
    this.calls = calls;
    this.http = http;
    this.admin = admin;
    this.setupCode = setupCode;
  }

  /**
   * The API of a node. Where there is no administrator yet, it writes a set-up code into the data
   * folder.
   *
   * @param pair the server's secret key pair, where the node has it
   * @param peers the ids that are registered
   */
  public static ApiService start(
      NodeParts parts, Optional<SigningKey> pair, AccountDatabase database, PeerStore peers) {
    Secrets secrets = new Secrets(new SecureRandom());
    PasswordHasher hasher = new PasswordHasher(secrets);
    parts.system().getWhenTerminated().thenRun(hasher::close);
    AccountParts shared =
        new AccountParts(
            database,
            hasher,
            secrets,
            pair.map(known -> new Seal(known, secrets)),
            parts.wallClock());
    Accounts accounts = new Accounts(shared);
    Invitations invitations = new Invitations(shared, accounts);
    SetupCodeFile setupCode = new SetupCodeFile(parts.settings().data());
    ApiPace pace = new ApiPace(new Networks(parts.settings().rendezvous().registration().exempt()));
    ApiRouter router = new ApiRouter(pace, parts.counters(), parts.ticker());
    DeviceRoutes.addTo(
        router,
        new Devices(
            database,
            peers::find,
            Organization.DEFAULT,
            secrets::guid,
            pace,
            parts.counters(),
            parts.ticker(),
            parts.wallClock()));
    AccountRoutes.addTo(router, new Logins(shared));
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
    return admin.all();
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
