package dev.rallypoint.app.api;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.GroupPanel;
import dev.rallypoint.access.SwitchGrants;
import dev.rallypoint.account.AccessRuleBook;
import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.ApiTokens;
import dev.rallypoint.account.ControlRoles;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.account.Logins;
import dev.rallypoint.account.NetworkRules;
import dev.rallypoint.account.Organization;
import dev.rallypoint.account.PasswordHasher;
import dev.rallypoint.account.Seal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.account.UserGroups;
import dev.rallypoint.api.AccessManagementRoutes;
import dev.rallypoint.api.AccessRoutes;
import dev.rallypoint.api.AccountPages;
import dev.rallypoint.api.AccountRoutes;
import dev.rallypoint.api.ApiHttp;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.api.TokenProofs;
import dev.rallypoint.api.book.BookRoutes;
import dev.rallypoint.audit.AuditParts;
import dev.rallypoint.book.AddressBooks;
import dev.rallypoint.book.RecycleBin;
import dev.rallypoint.device.Devices;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API of a node: its services, and what answers by them. */
public final class ApiService {
  private static final Logger LOG = LoggerFactory.getLogger(ApiService.class);
  private static final Duration PURGE_EVERY = Duration.ofHours(1);

  private final ApiCalls calls;
  private final ApiHttp http;
  private final List<Route> operators;
  private final SetupCodeFile setupCode;

  private ApiService(ApiCalls calls, ApiHttp http, List<Route> operators, SetupCodeFile setupCode) {
    this.calls = calls;
    this.http = http;
    this.operators = operators;
    this.setupCode = setupCode;
  }

  /**
   * The API of a node. Where there is no administrator yet, it writes a set-up code into the data
   * folder.
   *
   * @param pair the server's secret key pair, where the node has it
   * @param directory where the peers are
   * @param access decides who may control a device
   */
  public static ApiService start(
      NodeParts parts,
      Optional<SigningKey> pair,
      DeviceNode devices,
      PeerDirectory directory,
      AccessControl access) {
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
    Logins logins = new Logins(shared);
    ApiTokens tokens = new ApiTokens(shared, logins);
    SignedIn signedIn = new SignedIn(logins, tokens);
    ApiRouter router =
        new ApiRouter(
            devices.pace(), parts.counters(), parts.ticker(), new TokenProofs(logins::principal));
    AddressBooks books = new AddressBooks(shared);
    BookPresets presets = new BookPresets(books);
    Devices heard = devices.heard(presets);
    AuditService audit =
        new AuditService(
            parts,
            new AuditParts(
                devices.database(), Organization.DEFAULT, secrets::guid, parts.wallClock()),
            new SealedReferences(access, parts.wallClock()));
    audit.addTo(router, signedIn, heard, devices.proof());
    AccountRoutes.addTo(router, logins, audit.console());
    DeviceAdminRoutes deviceAdmin =
        devices.addTo(router, signedIn, tokens, directory, heard, presets);
    BookRoutes.addAll(router, signedIn, shared, books);
    purgeBooks(parts, new RecycleBin(shared));
    ControlRoles roles = new ControlRoles(shared);
    AccessManagementRoutes.addTo(router, signedIn, new UserGroups(shared), roles);
    AccessRoutes.addTo(
        router,
        signedIn,
        new GroupPanel(devices.database(), Organization.DEFAULT, access),
        new SwitchGrants(
            devices.database(), Organization.DEFAULT, devices.peers()::find, parts.wallClock()));
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
        List.of(
            new AdminRoutes(
                    accounts, invitations, audit.console(), audit.routes(Organization.DEFAULT))
                .all(),
            deviceAdmin.all(),
            new AccessAdminRoutes(new AccessRuleBook(shared), roles, new NetworkRules(shared))
                .all()),
        setupCode);
  }

  private static void purgeBooks(NodeParts parts, RecycleBin bin) {
    var unused =
        parts
            .system()
            .scheduler()
            .scheduleWithFixedDelay(
                PURGE_EVERY,
                PURGE_EVERY,
                () -> {
                  var purged =
                      bin.purge()
                          .exceptionally(failure -> {
                            LOG.warn("deleted address book entries were not purged", failure);
                            return 0;
                          });
                },
                parts.system().executionContext());
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
    return Directives.concat(
        operators.getFirst(), operators.subList(1, operators.size()).toArray(Route[]::new));
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
