package dev.rallypoint.app.steering;

import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.app.steering.Answers.LimitLine;
import dev.rallypoint.app.steering.Answers.LimitSet;
import dev.rallypoint.app.steering.Answers.Limits;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.time.WallClock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules that operators change for all nodes. */
final class LimitsView {
  private static final Logger LOG = LoggerFactory.getLogger(LimitsView.class);

  private final SharedRules shared;
  private final LocalView local;
  private final WallClock clock;

  /**
   * A change.
   *
   * @param value the new value, or empty when entries of a list are named
   * @param add entries for a list
   * @param remove entries that a list loses
   */
  record Change(
      Optional<String> value, Optional<List<String>> add, Optional<List<String>> remove) {}

  LimitsView(SharedRules shared, LocalView local, WallClock clock) {
    this.shared = shared;
    this.local = local;
    this.clock = clock;
  }

  Limits all() {
    return new Limits(Arrays.stream(RuleName.values()).map(this::line).toList());
  }

  private LimitLine line(RuleName name) {
    Optional<SharedRule> rule = shared.find(name.text());
    return new LimitLine(
        name.text(),
        value(name),
        rule.isPresent() && (name.isList() || !rule.get().value().isEmpty()),
        rule.map(one -> Instant.ofEpochMilli(one.changed())));
  }

  /** As it is in force here, or as the cluster has it where this node has no such part. */
  private String value(RuleName name) {
    return local.rule(name).or(() -> shared.find(name.text()).map(SharedRule::value)).orElse("");
  }

  /**
   * Changes a rule on all nodes.
   *
   * @throws ManagementRefusal when there is no such rule, or the value cannot be used
   */
  CompletionStage<LimitSet> change(String text, Change change) {
    RuleName name =
        RuleName.of(text)
            .orElseThrow(
                () -> new ManagementRefusal(StatusCodes.NOT_FOUND, "there is no limit " + text));
    return shared
        .change(name.text(), before -> changed(name, before, change), clock)
        .thenApply(outcome -> {
          LOG.info("an operator changed {} for all nodes", name.text());
          return new LimitSet(line(name), outcome.refusals(), outcome.missing());
        })
        .exceptionally(failure -> {
          throw new CompletionException(refusal(Failures.cause(failure)));
        });
  }

  private static ManagementRefusal refusal(Throwable cause) {
    return cause instanceof SettingException wrong
        ? new ManagementRefusal(StatusCodes.BAD_REQUEST, String.valueOf(wrong.getMessage()))
        : new ManagementRefusal(
            StatusCodes.SERVICE_UNAVAILABLE, "nothing changed: " + cause.getMessage());
  }

  /** The new value, given that of the rule; without a rule it is as in force here. */
  private String changed(RuleName name, Optional<String> before, Change change) {
    String value =
        change.value().orElseGet(() -> edited(name, before.orElseGet(() -> value(name)), change));
    name.check(value);
    return value;
  }

  private static String edited(RuleName name, String before, Change change) {
    if (!name.isList()) {
      throw new SettingException(name.text(), "", "write a value");
    }
    AddressList list = name.list(before);
    for (String entry : change.add().orElse(List.of())) {
      list = list.with(entry);
    }
    for (String entry : change.remove().orElse(List.of())) {
      list = entry.equals("all") ? list.withoutAll() : list.without(entry);
    }
    return String.join("\n", list.lines());
  }
}
