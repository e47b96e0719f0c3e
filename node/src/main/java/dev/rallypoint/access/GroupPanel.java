package dev.rallypoint.access;

import dev.rallypoint.policy.access.AccessPolicy;
import dev.rallypoint.store.access.AccessiblePages;
import dev.rallypoint.store.access.AccessiblePages.Page;
import dev.rallypoint.store.access.AccessiblePages.Part;
import dev.rallypoint.store.access.AccessiblePages.SeenDevice;
import dev.rallypoint.store.access.AccessiblePages.SeenUser;
import dev.rallypoint.store.access.AccessiblePages.Viewer;
import dev.rallypoint.store.account.AccountDatabase;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/**
 * What a logged-in user sees in the client's panel of groups: what he may control by the rules that
 * decide at the punch. Devices that are assigned to nobody are in it by rules only.
 */
public final class GroupPanel {
  private final AccountDatabase database;
  private final String org;
  private final AccessControl control;

  /** The panels of an organization's users. */
  public GroupPanel(AccountDatabase database, String org, AccessControl control) {
    this.database = database;
    this.org = org;
    this.control = control;
  }

  /** The users whose devices the user of a log-in may control, himself among them. */
  public CompletionStage<Page<SeenUser>> users(String token, Part part) {
    return read(token, (handle, viewer) -> AccessiblePages.users(handle, viewer, part));
  }

  /** The devices that he may control. */
  public CompletionStage<Page<SeenDevice>> devices(String token, Part part) {
    return read(token, (handle, viewer) -> AccessiblePages.devices(handle, viewer, part));
  }

  /** The names of the groups of these devices. */
  public CompletionStage<Page<String>> deviceGroups(String token, Part part) {
    return read(token, (handle, viewer) -> AccessiblePages.deviceGroups(handle, viewer, part));
  }

  private <T> CompletionStage<T> read(String token, BiFunction<Handle, Viewer, T> page) {
    return control
        .knowledge()
        .rules()
        .thenCombine(
            control.knowledge().loginOfGuid(token),
            (rules, controller) -> new Viewer(org, AccessPolicy.reachOf(rules, controller)))
        .thenCompose(viewer -> database.read(handle -> page.apply(handle, viewer)));
  }
}
