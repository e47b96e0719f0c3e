package dev.rallypoint.relay;

import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.SettingException;
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
 * itself: it holds for all nodes, once it is seen by a node that runs or that starts.
 *
 * @param own the node's own settings, which hold while there is no rule
 */
record RelayRuleBook(
    SharedRules shared,
    RelayRules rules,
    AddressListFile blacklist,
    AddressListFile blocklist,
    BandwidthSettings own) {
  /** The rules that have files. */
  static final List<RuleName> LISTS = List.of(RuleName.BLACKLIST, RuleName.BLOCKLIST);

  private static final Logger LOG = LoggerFactory.getLogger(RelayRuleBook.class);

  /** Begins to follow them. */
  void follow() {
    LISTS.forEach(this::list);
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

  /** The file of a list. */
  AddressListFile file(RuleName name) {
    return name == RuleName.BLACKLIST ? blacklist : blocklist;
  }

  private void publish(RuleName name, AddressList list) {
    if (name == RuleName.BLACKLIST) {
      rules.blacklist(list);
    } else {
      rules.blocklist(list);
    }
  }

  private void list(RuleName name) {
    Optional<SharedRule> edited = edited(name, file(name));
    shared.follow(
        name.text(),
        rule ->
            listed(
                name.list(rule.value()), rule.changed(), file(name), list -> publish(name, list)));
    edited.ifPresent(rule -> change(rule, file(name)));
  }

  /**
   * The file of a list has changed. Before the first change for all nodes it holds for this node,
   * then for all. A file that cannot be used changes nothing.
   */
  void readAgain(RuleName name) {
    AddressListFile file = file(name);
    try {
      if (shared.find(name.text()).isPresent()) {
        edited(name, file).ifPresent(rule -> change(rule, file));
      } else {
        AddressList list = file.read();
        publish(name, list);
        LOG.info("{} was read again: {} entries", file.path(), list.entries().size());
      }
    } catch (SettingException e) {
      LOG.warn("the {} stays as it was: {}", name.text(), e.getMessage());
    }
  }

  private void change(SharedRule rule, AddressListFile file) {
    LOG.info(
        "{} was edited after the last change of the list: it holds for all nodes now", file.path());
    var unused =
        shared
            .change(rule)
            .exceptionally(failure -> {
              LOG.warn("{} holds for this node only: {}", file.path(), failure.getMessage());
              return new SharedRules.Outcome(rule, List.of(), List.of());
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
