package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.policy.access.AccessRules.Rule;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.access.AccessRuleTable;
import dev.rallypoint.store.access.AccessRuleTable.Listed;
import dev.rallypoint.store.access.AccessRuleTable.Party;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * The rules of who may control which devices, as operators write them. Stages fail with an {@link
 * AccountRefusal} where it is not done, and with the database's exception.
 */
public final class AccessRuleBook {
  private static final int MOST = 10_000;
  private static final String EVERYONE = "everyone";
  private static final Map<String, AccessRuleTable.Kind> FROM =
      Map.of(
          "user", AccessRuleTable.Kind.USER,
          "group", AccessRuleTable.Kind.USER_GROUP);
  private static final Map<String, AccessRuleTable.Kind> TO =
      Map.of(
          "user", AccessRuleTable.Kind.USER,
          "group", AccessRuleTable.Kind.USER_GROUP,
          "device-group", AccessRuleTable.Kind.DEVICE_GROUP,
          "device", AccessRuleTable.Kind.DEVICE);

  private final AccountParts parts;

  /** The rules of these accounts. */
  public AccessRuleBook(AccountParts parts) {
    this.parts = parts;
  }

  /**
   * Who may control, by text.
   *
   * @param text {@code user:NAME}, {@code group:NAME} or {@code everyone}
   * @throws AccountRefusal when it is none
   */
  public static Party from(String text) {
    return text.equals(EVERYONE)
        ? new Party(AccessRuleTable.Kind.EVERYONE, "")
        : party(text, FROM, "write user:NAME, group:NAME or everyone, who may control");
  }

  /**
   * What may be controlled, by text.
   *
   * @param text {@code user:NAME}, {@code group:NAME}, {@code device-group:NAME} or {@code
   *     device:ID}
   * @throws AccountRefusal when it is none
   */
  public static Party to(String text) {
    return party(
        text,
        TO,
        "write user:NAME, group:NAME, device-group:NAME or device:ID, what is controlled");
  }

  private static Party party(
      String text, Map<String, AccessRuleTable.Kind> kinds, String otherwise) {
    String[] halves = text.split(":", 2);
    if (halves.length != 2 || halves[1].isBlank() || !kinds.containsKey(halves[0])) {
      throw AccountRefusal.invalid(otherwise);
    }
    return new Party(kinds.get(halves[0]), halves[1].strip());
  }

  /** The text of one end of a rule, as it is written. */
  public static String text(Party party) {
    return switch (party.kind()) {
      case EVERYONE -> EVERYONE;
      case USER -> "user:" + party.name();
      case USER_GROUP -> "group:" + party.name();
      case DEVICE_GROUP -> "device-group:" + party.name();
      case DEVICE -> "device:" + party.name();
    };
  }

  /**
   * Lets somebody control something.
   *
   * @param by who says so
   * @return false where it was so already
   */
  public CompletionStage<Boolean> allow(Party from, Party to, String by) {
    return parts.change(handle -> {
      if (AccessRuleTable.size(handle, Organization.DEFAULT) >= MOST) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST + " rules already");
      }
      return AccessRuleTable.insert(
          handle,
          Organization.DEFAULT,
          parts.secrets().guid(parts.now()),
          rule(handle, from, to),
          by,
          parts.now());
    });
  }

  /** Ends such a rule. */
  public CompletionStage<Boolean> disallow(Party from, Party to, String by) {
    return parts.change(handle -> {
      boolean isEnded =
          AccessRuleTable.end(
              handle, Organization.DEFAULT, rule(handle, from, to), by, parts.now());
      if (!isEnded) {
        throw new AccountRefusal(Kind.UNKNOWN, "there is no such rule");
      }
      return true;
    });
  }

  private static Rule rule(Handle handle, Party from, Party to) {
    return new Rule(from.kind().text(), guid(handle, from), to.kind().text(), guid(handle, to));
  }

  private static String guid(Handle handle, Party party) {
    boolean isId = party.kind() == AccessRuleTable.Kind.DEVICE;
    return AccessRuleTable.guid(
            handle,
            Organization.DEFAULT,
            party.kind(),
            isId ? party.name() : AccountText.key(party.name()))
        .orElseThrow(() -> new AccountRefusal(Kind.UNKNOWN, "there is no " + text(party)));
  }

  /** The rules that hold, the oldest first. */
  public CompletionStage<List<Listed>> list() {
    return parts.call(handle -> AccessRuleTable.list(handle, Organization.DEFAULT));
  }
}
