package dev.rallypoint.app.api;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.AuditReference;
import dev.rallypoint.access.AuditReferences;
import dev.rallypoint.access.GroupPanel;
import dev.rallypoint.access.SwitchGrants;
import dev.rallypoint.account.AccessRuleBook;
import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Accounts;
import dev.rallypoint.account.ControlRoles;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.account.Logins;
import dev.rallypoint.account.NetworkRules;
import dev.rallypoint.account.Organization;
import dev.rallypoint.account.PasswordHasher;
import dev.rallypoint.account.Seal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.api.AccessRoutes;
import dev.rallypoint.api.AccountPages;
import dev.rallypoint.api.AccountRoutes;
import dev.rallypoint.api.ApiHttp;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.DeviceRoutes;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.api.TokenProofs;
import dev.rallypoint.api.book.BookRoutes;
import dev.rallypoint.audit.AuditParts;
import dev.rallypoint.audit.ReferenceReader;
import dev.rallypoint.book.AddressBooks;
import dev.rallypoint.book.RecycleBin;
import dev.rallypoint.device.DeviceProof;
import dev.rallypoint.device.Devices;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.NodeParts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API of a node: its services, and what answers by them. */
public final class ApiService {
  private static final Logger LOG = LoggerFactory.getLogger(ApiService.class);
  private static final Duration PURGE_EVERY = Duration.ofHours(1);

  /**
   * A device reports a connection right after it was told of it, whatever its server's clock says.
   */
  private static final Duration REFERENCES = Duration.ofHours(1);

  private final ApiCalls calls;
  private final ApiHttp http;
  private final AdminRoutes admin;
  private final AccessAdminRoutes access;
  private final SetupCodeFile setupCode;

  private ApiService(
      ApiCalls calls,
      ApiHttp http,
      AdminRoutes admin,
      AccessAdminRoutes access,
      SetupCodeFile setupCode) {
    this.calls = calls;
    this.http = http;
    this.admin = admin;
    this.access = access;
    this.setupCode = setupCode;
  }

  /**
   * The API of a node. Where there is no administrator yet, it writes a set-up code into the data
   * folder.
   *
   * @param pair the server's secret key pair, where the node has it
   * @param peers the ids that are registered
   * @param access decides who may control a device
   */
  public static ApiService start(
      NodeParts parts,
      Optional<SigningKey> pair,
      AccountDatabase database,
      PeerStore peers,
      AccessControl access) {
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
    Logins logins = new Logins(shared);
    ApiRouter router =
        new ApiRouter(pace, parts.counters(), parts.ticker(), new TokenProofs(logins::principal));
    Devices devices =
        new Devices(
            database,
            peers::find,
            Organization.DEFAULT,
            secrets::guid,
            pace,
            parts.counters(),
            parts.ticker(),
            parts.wallClock());
    DeviceRoutes.addTo(router, devices);
    SignedIn signedIn = new SignedIn(logins);
    AuditService audit =
        new AuditService(
            parts,
            new AuditParts(database, Organization.DEFAULT, secrets::guid, parts.wallClock()),
            references(pair, parts.wallClock()));
    audit.addTo(
        router,
        signedIn,
        devices,
        new DeviceProof(peers::find, pace, parts.counters(), parts.ticker()));
    AccountRoutes.addTo(router, logins, audit.console());
    BookRoutes.addAll(router, signedIn, shared, new AddressBooks(shared));
    purgeBooks(parts, new RecycleBin(shared));
    AccessRoutes.addTo(
        router,
        signedIn,
        new GroupPanel(database, Organization.DEFAULT, access),
        new SwitchGrants(database, Organization.DEFAULT, peers::find, parts.wallClock()));
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
        new AdminRoutes(accounts, invitations, audit.console(), audit.routes(Organization.DEFAULT)),
        new AccessAdminRoutes(
            new AccessRuleBook(shared), new ControlRoles(shared), new NetworkRules(shared)),
        setupCode);
  }

  private static ReferenceReader references(Optional<SigningKey> pair, WallClock clock) {
    return pair.map(known -> new AuditReferences(known, new SecureRandom()))
        .<ReferenceReader>map(references ->
            text ->
                references
                    .open(text)
                    .filter(reference ->
                        Math.abs(clock.micros() / 1_000 - reference.atMillis())
                            <= REFERENCES.toMillis())
                    .map(AuditReference::user))
        .orElse(ReferenceReader.none());
  }

  private static void purgeBooks(NodeParts parts, RecycleBin bin) {
    parts
        .system()
        .scheduler()
        .scheduleWithFixedDelay(
            PURGE_EVERY,
            PURGE_EVERY,
            () -> {
              var unused =
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
    return Directives.concat(admin.all(), access.all());
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
