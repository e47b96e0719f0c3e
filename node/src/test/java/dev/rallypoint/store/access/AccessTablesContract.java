package dev.rallypoint.store.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.access.AccessRules.NetworkRule;
import dev.rallypoint.policy.access.AccessRules.Rule;
import dev.rallypoint.policy.access.Controller.LoggedIn;
import dev.rallypoint.policy.access.Reach;
import dev.rallypoint.policy.access.Target;
import dev.rallypoint.store.access.AccessFacts.TokenKey;
import dev.rallypoint.store.access.AccessRuleTable.Kind;
import dev.rallypoint.store.access.AccessRuleTable.Party;
import dev.rallypoint.store.access.AccessiblePages.Part;
import dev.rallypoint.store.access.AccessiblePages.SeenDevice;
import dev.rallypoint.store.access.AccessiblePages.SeenUser;
import dev.rallypoint.store.access.AccessiblePages.Viewer;
import dev.rallypoint.store.access.ControlRoleTable.Role;
import dev.rallypoint.store.access.NetworkRuleTable.NetworkLine;
import dev.rallypoint.store.account.AccountDatabase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tables of access do, on each kind of database. */
abstract class AccessTablesContract {
  private static final String ORG = "00000000-0000-7000-8000-000000000001";
  private static final String GROUP = "00000000-0000-7000-8000-000000000002";
  private static final Part ALL = new Part(0, 100);
  private static final Rule RULE = new Rule("user", "bob", "device_group", "kiosks");

  private AccountDatabase database;

  /** Opens an empty database. */
  abstract AccountDatabase open();

  @BeforeEach
  void begin() {
    database = open();
    user("bob");
    user("owner");
    execute(
        """
        insert into api_device_group (guid, org, name, name_key, note, created_at)
        values ('kiosks', '%s', 'Kiosks', 'kiosks', '', 0)
        """
            .formatted(ORG));
    device("of-owner", "'owner'", "null");
    device("in-group", "null", "'kiosks'");
    device("of-nobody", "null", "null");
  }

  @AfterEach
  void end() {
    database.close();
  }

  private <T> T call(HandleCallback<T, RuntimeException> statements) {
    return database.call(statements).toCompletableFuture().join();
  }

  private void execute(String sql) {
    call((Handle handle) -> handle.execute(sql));
  }

  private void user(String name) {
    execute(
        """
        insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
          is_admin, user_group, totp_step, totp_required, created_at, updated_at)
        values ('%1$s', '%2$s', '%1$s', '%1$s', 'Mr %1$s', '', '', true, false, '%3$s', 0, false,
          0, 0)
        """
            .formatted(name, ORG, GROUP));
    execute(
        """
        insert into api_token (guid, org, token_hash, user_guid, device_id, device_uuid, client, ip,
          created_at, last_used_at)
        values ('token of %1$s', '%2$s', 'hash of %1$s', '%1$s', '', '', '', '', 0, 100)
        """
            .formatted(name, ORG));
  }

  private void device(String id, String owner, String group) {
    execute(
        """
        insert into api_device (guid, id, org, uuid, user_guid, device_group, enabled, approved,
          name, note, hostname, username, os, cpu, memory, version, sysinfo_hash, ip, created_at,
          updated_at)
        values ('guid of %1$s', '%1$s', '%2$s', '', %3$s, %4$s, true, true, '', 'note', 'host',
          'root', 'linux / Debian', '', '', '', '', '', 0, 0)
        """
            .formatted(id, ORG, owner, group));
  }

  @Test
  void countsChanges() {
    long before = call((Handle handle) -> AccessEpoch.read(handle, ORG));
    long after =
        call((Handle handle) -> {
          AccessEpoch.advance(handle, ORG);
          return AccessEpoch.read(handle, ORG);
        });
    assertThat(after).isEqualTo(before + 1);
  }

  @Test
  void knowsAUserByATokenThatIsStillGood() {
    LoggedIn bob = new LoggedIn("token of bob", "bob", "bob", GROUP, true, false, Optional.empty());
    assertThat(
            call((Handle handle) ->
                AccessFacts.controller(handle, ORG, TokenKey.HASH, "hash of bob", 100)))
        .contains(bob);
    assertThat(
            call((Handle handle) ->
                AccessFacts.controller(handle, ORG, TokenKey.GUID, "token of bob", 100)))
        .contains(bob);
    assertThat(
            call((Handle handle) ->
                AccessFacts.controller(handle, ORG, TokenKey.HASH, "hash of bob", 101)))
        .isEmpty();
    assertThat(call((Handle handle) -> AccessFacts.user(handle, ORG, "bob"))).isPresent();
  }

  @Test
  void knowsWhoseADeviceIs() {
    assertThat(call((Handle handle) -> AccessFacts.target(handle, ORG, "of-owner")))
        .isEqualTo(
            new Target(
                "guid of of-owner",
                true,
                true,
                Optional.of(new Target.Owner("owner", GROUP)),
                Optional.empty()));
    assertThat(call((Handle handle) -> AccessFacts.target(handle, ORG, "in-group")))
        .isEqualTo(
            new Target("guid of in-group", true, true, Optional.empty(), Optional.of("kiosks")));
    assertThat(call((Handle handle) -> AccessFacts.target(handle, ORG, "nobodys")))
        .isEqualTo(Target.UNKNOWN);
  }

  @Test
  void keepsARuleOnceUntilItEnds() {
    assertThat(insert("first")).isTrue();
    assertThat(insert("second")).isFalse();
    assertThat(call((Handle handle) -> AccessRuleTable.list(handle, ORG)))
        .containsExactly(
            new AccessRuleTable.Listed(
                "first",
                new Party(Kind.USER, "bob"),
                new Party(Kind.DEVICE_GROUP, "Kiosks"),
                "alice",
                5));
    assertThat(call((Handle handle) -> AccessRuleTable.end(handle, ORG, RULE, "alice", 6)))
        .isTrue();
    assertThat(call((Handle handle) -> AccessRuleTable.end(handle, ORG, RULE, "alice", 6)))
        .isFalse();
    assertThat(insert("third")).isTrue();
    assertThat(call((Handle handle) -> AccessRuleTable.size(handle, ORG))).isOne();
  }

  private boolean insert(String guid) {
    return call((Handle handle) -> AccessRuleTable.insert(handle, ORG, guid, RULE, "alice", 5));
  }

  @Test
  void endsTheRulesOfWhatIsDeletedOrReplaced() {
    insert("first");
    call((Handle handle) -> {
      AccessRuleTable.endAll(handle, ORG, Kind.DEVICE_GROUP, "kiosks", "alice", 6);
      return true;
    });
    assertThat(call((Handle handle) -> AccessRuleTable.size(handle, ORG))).isZero();
    insert("second");
    call((Handle handle) -> {
      AccessRuleTable.endSide(handle, ORG, RULE, false, "alice", 7);
      return true;
    });
    assertThat(call((Handle handle) -> AccessRuleTable.size(handle, ORG))).isZero();
    insert("third");
    call((Handle handle) -> {
      AccessRuleTable.endSide(handle, ORG, RULE, true, "alice", 7);
      return true;
    });
    assertThat(call((Handle handle) -> AccessRuleTable.size(handle, ORG))).isZero();
  }

  @Test
  void readsAllThatDecides() {
    insert("first");
    call((Handle handle) -> {
      NetworkRuleTable.put(handle, ORG, "n1", new NetworkLine("10.0.0.0/8", true), 1);
      NetworkRuleTable.put(handle, ORG, "n2", new NetworkLine("0.0.0.0/0", false), 1);
      NetworkRuleTable.put(handle, ORG, "n3", new NetworkLine("10.0.0.0/8", false), 1);
      ControlRoleTable.insert(handle, ORG, new Role("role", "Role", "", true, false, 9), "role", 1);
      return true;
    });

    AccessRules rules = call((Handle handle) -> AccessFacts.rules(handle, ORG));

    assertThat(rules.isEnabled()).isTrue();
    assertThat(rules.isOfUse()).isTrue();
    assertThat(rules.ofUser())
        .containsEntry("bob", new Reach(Set.of(), Set.of(), Set.of("kiosks"), Set.of()));
    assertThat(rules.networks()).extracting(NetworkRule::isAllowed).containsExactly(false, false);
    assertThat(rules.roles().byGuid()).containsEntry("role", 9L);
    assertThat(call((Handle handle) -> NetworkRuleTable.list(handle, ORG)))
        .extracting(NetworkLine::network)
        .containsExactly("0.0.0.0/0", "10.0.0.0/8");
  }

  @Test
  void isOfNoUseWithoutDevicesOfUsers() {
    execute("update api_device set user_guid = null");
    assertThat(call((Handle handle) -> AccessFacts.rules(handle, ORG)).isOfUse()).isFalse();
    execute("update api_device set enabled = false where id = 'of-nobody'");
    assertThat(call((Handle handle) -> AccessFacts.rules(handle, ORG)).isOfUse()).isTrue();
  }

  @Test
  void givesARoleAndTakesItAwayWhenItIsDeleted() {
    call((Handle handle) -> {
      ControlRoleTable.insert(handle, ORG, new Role("role", "Role", "", true, false, 9), "role", 1);
      return ControlRoleTable.give(handle, ORG, "bob", Optional.of("role"), 2);
    });
    assertThat(call((Handle handle) -> AccessFacts.user(handle, ORG, "bob")).orElseThrow().role())
        .contains("role");
    assertThat(call((Handle handle) -> ControlRoleTable.delete(handle, ORG, "role"))).isTrue();
    assertThat(call((Handle handle) -> AccessFacts.user(handle, ORG, "bob")).orElseThrow().role())
        .isEmpty();
    Role builtIn =
        call((Handle handle) -> ControlRoleTable.find(handle, ORG, "not logged")).orElseThrow();
    assertThat(call((Handle handle) -> ControlRoleTable.delete(handle, ORG, builtIn.guid())))
        .isFalse();
  }

  @Test
  void keepsFewGrantsOfADevice() {
    call((Handle handle) -> {
      for (int i = 0; i < 6; i++) {
        SwitchGrantTable.put(
            handle, ORG, "of-owner", "v" + i, new SwitchGrantTable.Times(100, 200 + i), 4);
      }
      return true;
    });
    assertThat(call((Handle handle) -> AccessFacts.grant(handle, ORG, "v1", "of-owner"))).isEmpty();
    assertThat(call((Handle handle) -> AccessFacts.grant(handle, ORG, "v5", "of-owner")))
        .hasValueSatisfying(grant -> assertThat(grant.isForTarget()).isTrue());
    assertThat(call((Handle handle) -> AccessFacts.grant(handle, ORG, "v5", "in-group")))
        .hasValueSatisfying(grant -> assertThat(grant.isForTarget()).isFalse());
  }

  @Test
  void showsWhatIsReached() {
    Viewer viewer =
        new Viewer(
            ORG,
            Optional.of(new Reach(Set.of("bob"), Set.of(), Set.of("kiosks"), Set.of("guid of x"))));
    assertThat(call((Handle handle) -> AccessiblePages.devices(handle, viewer, ALL)).rows())
        .containsExactly(
            new SeenDevice("in-group", "host", "root", "linux / Debian", "", "Kiosks", "note"));
    assertThat(call((Handle handle) -> AccessiblePages.users(handle, viewer, ALL)).rows())
        .containsExactly(new SeenUser("bob", "Mr bob"));
    assertThat(call((Handle handle) -> AccessiblePages.deviceGroups(handle, viewer, ALL)).rows())
        .containsExactly("Kiosks");
  }

  @Test
  void showsAnAdministratorEverythingPageByPage() {
    Viewer viewer = new Viewer(ORG, Optional.empty());
    AccessiblePages.Page<SeenDevice> page =
        call((Handle handle) -> AccessiblePages.devices(handle, viewer, new Part(1, 1)));
    assertThat(page.total()).isEqualTo(3);
    assertThat(page.rows()).extracting(SeenDevice::id).containsExactly("of-nobody");
  }

  @Test
  void showsNothingToWhoReachesNothing() {
    Viewer viewer = new Viewer(ORG, Optional.of(Reach.NOTHING));
    assertThat(call((Handle handle) -> AccessiblePages.devices(handle, viewer, ALL)).rows())
        .isEmpty();
    assertThat(call((Handle handle) -> AccessiblePages.deviceGroups(handle, viewer, ALL)))
        .isEqualTo(new AccessiblePages.Page<>(0, List.of()));
  }
}
