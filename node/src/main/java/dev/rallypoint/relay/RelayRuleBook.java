package dev.rallypoint.relay;

import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.relay.loop.RelayRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the rules of the cluster in force on this relay, and writes the two lists into their files,
 * where hbbr has them. A file that was edited after the last change of its rule is such a change
 * itself: it holds for all nodes from the start of this node on.
 *
 * @param own the node's own settings, which hold while there is no rule
 */
record RelayRuleBook(
    SharedRules shared,
    RelayRules rules,
    AddressListFile blacklist,
    AddressListFile blocklist,
    BandwidthSettings own) {
  private static final Logger LOG = LoggerFactory.getLogger(RelayRuleBook.class);

  /** Begins to follow them. */
  void follow() {
    list(RuleName.BLACKLIST, blacklist, rules::blacklist);
    list(RuleName.BLOCKLIST, blocklist, rules::blocklist);
    for (RuleName name : RuleName.values()) {
      if (name.isBandwidth()) {
        shared.follow(name.text(), rule -> speed(name, rule.value()));
      }
    }
  }

  private Runnable speed(RuleName name, String value) {
    String used = value.isEmpty() ? name.of(own) : value;
    name.check(used);
    return () -> rules.speeds(SpeedLimits.from(name.with(rules.speeds().settings(), used)));
  }

  private void list(RuleName name, AddressListFile file, Consumer<AddressList> publish) {
    Optional<SharedRule> edited = edited(name, file);
    shared.follow(
        name.text(), rule -> listed(name.list(rule.value()), rule.changed(), file, publish));
    edited.ifPresent(rule -> {
      LOG.info(
          "{} was edited after the last change of the list: it holds for all nodes now",
          file.path());
      var unused =
          shared
              .change(rule)
              .exceptionally(failure -> {
                LOG.warn("{} holds for this node only: {}", file.path(), failure.getMessage());
                return new SharedRules.Outcome(rule, List.of(), List.of());
              });
    });
  }

  private Optional<SharedRule> edited(RuleName name, AddressListFile file) {
    return shared
        .find(name.text())
        .filter(rule -> file.isNewerThan(rule.changed()))
        .map(rule -> new SharedRule(name.text(), text(file.read()), file.changed()))
        .filter(rule -> !shared.find(name.text()).orElseThrow().value().equals(rule.value()));
  }

  private static Runnable listed(
      AddressList list, long changed, AddressListFile file, Consumer<AddressList> publish) {
    return () -> {
      try {
        if (!file.read().lines().equals(list.lines())) {
          file.write(list, changed);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the file cannot be written: " + e.getMessage(), e);
      }
      publish.accept(list);
    };
  }

  /** A list as the value of its rule. */
  static String text(AddressList list) {
    return String.join("\n", list.lines());
  }
}
