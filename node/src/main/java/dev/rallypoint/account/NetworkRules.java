package dev.rallypoint.account;

import dev.rallypoint.account.AccountRefusal.Kind;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.access.NetworkRuleTable;
import dev.rallypoint.store.access.NetworkRuleTable.NetworkLine;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * From which networks devices may be controlled. The first rule that has the client's address
 * decides; without one it is allowed. Stages fail with an {@link AccountRefusal} where it is not
 * done, and with the database's exception.
 */
public final class NetworkRules {
  private static final int MOST = 1_000;

  private final AccountParts parts;

  /** The rules of these accounts. */
  public NetworkRules(AccountParts parts) {
    this.parts = parts;
  }

  /** The rules in their order. */
  public CompletionStage<List<NetworkLine>> list() {
    return parts.call(handle -> NetworkRuleTable.list(handle, Organization.DEFAULT));
  }

  /** Puts a rule behind the others; one of the same network is replaced. */
  public CompletionStage<Boolean> put(String network, boolean isAllowed) {
    String text = checked(network);
    return parts.change(handle -> {
      if (NetworkRuleTable.list(handle, Organization.DEFAULT).size() >= MOST) {
        throw new AccountRefusal(Kind.CONFLICT, "there are " + MOST + " rules already");
      }
      NetworkRuleTable.put(
          handle,
          Organization.DEFAULT,
          parts.secrets().guid(parts.now()),
          new NetworkLine(text, isAllowed),
          parts.now());
      return true;
    });
  }

  /** Takes a rule away. */
  public CompletionStage<Boolean> remove(String network) {
    String text = network.strip();
    return parts.change(handle -> {
      if (!NetworkRuleTable.delete(handle, Organization.DEFAULT, text)) {
        throw new AccountRefusal(Kind.UNKNOWN, "there is no rule for " + text);
      }
      return true;
    });
  }

  private static String checked(String network) {
    try {
      Cidr.parse("network", network);
      return network.strip();
    } catch (SettingException e) {
      throw AccountRefusal.invalid(network + " is no network: write one like 192.168.0.0/16");
    }
  }
}
