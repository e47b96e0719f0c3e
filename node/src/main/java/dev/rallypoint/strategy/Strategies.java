package dev.rallypoint.strategy;

import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.policy.strategy.StrategyOptions;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.strategy.AssignmentTable;
import dev.rallypoint.store.strategy.AssignmentTable.Target;
import dev.rallypoint.store.strategy.StrategyTable;
import dev.rallypoint.store.strategy.StrategyTable.StrategyRow;
import dev.rallypoint.strategy.StrategyRefusal.Kind;
import dev.rallypoint.time.WallClock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;

/**
 * What administrators do with strategies. A strategy is written as a draft and counts once it is
 * published; devices get the published version. Stages fail with a {@link StrategyRefusal} where it
 * is not done, and with the database's exception.
 */
public final class Strategies {
  private static final int MOST = 500;
  private static final int MOST_VERSIONS = 100;
  private static final int MOST_KEPT = 5_000;
  private static final int MOST_TARGETS = 1_000;

  private final AccountDatabase database;
  private final LongFunction<String> guids;
  private final WallClock clock;
  private final Runnable changed;

  /**
   * The strategies of a database.
   *
   * @param guids makes a guid from the milliseconds since 1970
   * @param changed runs after a change, so that this node sees it at once
   */
  public Strategies(
      AccountDatabase database, LongFunction<String> guids, WallClock clock, Runnable changed) {
    this.database = database;
    this.guids = guids;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * A strategy.
   *
   * @param published the number of the version that devices get, or empty
   */
  public record Strategy(
      String guid,
      String name,
      String note,
      boolean isEnabled,
      StrategyOptions draft,
      Optional<Long> published) {
    private static Strategy of(StrategyRow row) {
      return new Strategy(
          row.guid(),
          row.name(),
          row.note(),
          row.isEnabled(),
          OptionsJson.options(row.draft()),
          row.published());
    }
  }

  /** What is written of a strategy; what is empty stays as it is. */
  public record Edit(
      Optional<String> name,
      Optional<String> note,
      Optional<Boolean> isEnabled,
      Optional<StrategyOptions> draft) {
    Optional<String> fault() {
      return name.flatMap(AccountText::nameFault)
          .or(() -> note.flatMap(text -> AccountText.textFault("the note", text)))
          .or(() -> draft.flatMap(StrategyOptions::fault));
    }
  }

  /** What a strategy is assigned to, by guids. */
  public record Targets(List<String> devices, List<String> users, List<String> groups) {
    int size() {
      return devices.size() + users.size() + groups.size();
    }
  }

  /** All strategies in the order of their names. */
  public CompletionStage<List<Strategy>> list(String org) {
    return database.call(
        handle -> StrategyTable.list(handle, org).stream().map(Strategy::of).toList());
  }

  /** One strategy. */
  public CompletionStage<Strategy> find(String org, String guid) {
    return database.call(handle -> Strategy.of(require(handle, org, guid)));
  }

  /** Makes a strategy without a published version. */
  public CompletionStage<Strategy> create(String org, Edit edit) {
    return changed(handle -> {
      refuseFault(edit);
      long now = clock.micros() / 1_000;
      String name = edit.name().orElse("");
      StrategyRow row =
          new StrategyRow(
              guids.apply(now),
              org,
              name,
              edit.note().orElse(""),
              edit.isEnabled().orElse(true),
              OptionsJson.text(edit.draft().orElse(StrategyOptions.NONE)),
              Optional.empty());
      if (AccountText.nameFault(name).isPresent()) {
        throw new StrategyRefusal(Kind.INVALID, AccountText.nameFault(name).get());
      }
      if (StrategyTable.size(handle, org) >= MOST) {
        throw new StrategyRefusal(Kind.CONFLICT, "there are " + MOST + " strategies already");
      }
      if (!StrategyTable.insert(handle, row, AccountText.key(name), now)) {
        throw new StrategyRefusal(Kind.CONFLICT, "the name " + name + " is taken");
      }
      return Strategy.of(row);
    });
  }

  /** Changes a strategy; its draft reaches devices when it is published. */
  public CompletionStage<Strategy> edit(String org, String guid, Edit edit) {
    return with(
        org,
        guid,
        (handle, row) -> {
          refuseFault(edit);
          StrategyRow now =
              new StrategyRow(
                  guid,
                  org,
                  edit.name().orElse(row.name()),
                  edit.note().orElse(row.note()),
                  edit.isEnabled().orElse(row.isEnabled()),
                  edit.draft().map(OptionsJson::text).orElse(row.draft()),
                  row.published());
          if (StrategyTable.isTaken(handle, now, AccountText.key(now.name()))) {
            throw new StrategyRefusal(Kind.CONFLICT, "the name " + now.name() + " is taken");
          }
          StrategyTable.update(handle, now, AccountText.key(now.name()), clock.micros() / 1_000);
          return Strategy.of(now);
        });
  }

  /**
   * Publishes the draft of a strategy.
   *
   * @param by the name of who does it
   * @param confirmed the names of the options that take devices away from this server or make them
   *     unreachable, each of which the draft may only have where it is here
   */
  public CompletionStage<Strategy> publish(
      String org, String guid, String by, Set<String> confirmed) {
    return with(
        org,
        guid,
        (handle, row) -> {
          List<String> open = OptionsJson.options(row.draft()).unconfirmed(confirmed);
          if (!open.isEmpty()) {
            throw new StrategyRefusal(
                Kind.CONFLICT,
                "by these options devices may leave this server or become unreachable; name them in"
                    + " \"confirm\" to publish them: "
                    + String.join(", ", open));
          }
          StrategyTable.publish(handle, row, by, clock.micros() / 1_000, MOST_VERSIONS);
          return Strategy.of(require(handle, org, guid));
        });
  }

  /** Deletes a strategy; devices that have its options get rid of them. */
  public CompletionStage<Strategy> delete(String org, String guid) {
    return with(
        org,
        guid,
        (handle, row) -> {
          AssignmentTable.delete(handle, org, guid);
          StrategyTable.forgetDeleted(handle, MOST_KEPT);
          return Strategy.of(row);
        });
  }

  /**
   * Assigns a strategy to all of these, or none to them.
   *
   * @return the name of the strategy, or empty
   */
  public CompletionStage<Optional<String>> assign(
      String org, Optional<String> strategy, Targets targets) {
    return changed(handle -> {
      if (targets.size() > MOST_TARGETS) {
        throw new StrategyRefusal(
            Kind.INVALID, "a strategy is assigned to " + MOST_TARGETS + " at a time");
      }
      Optional<String> name = strategy.map(guid -> require(handle, org, guid).name());
      assign(handle, org, Target.DEVICE, targets.devices(), strategy);
      assign(handle, org, Target.USER, targets.users(), strategy);
      assign(handle, org, Target.DEVICE_GROUP, targets.groups(), strategy);
      return name;
    });
  }

  private static void assign(
      Handle handle, String org, Target target, List<String> guids, Optional<String> strategy) {
    List<String> once = List.copyOf(new HashSet<>(guids));
    if (AssignmentTable.assign(handle, org, target, once, strategy.orElse(null)) != once.size()) {
      throw new StrategyRefusal(
          Kind.UNKNOWN,
          switch (target) {
            case DEVICE -> "one of the devices is not there";
            case USER -> "one of the users is not there";
            case DEVICE_GROUP -> "one of the device groups is not there";
          });
    }
  }

  private <T> CompletionStage<T> with(
      String org, String guid, BiFunction<Handle, StrategyRow, T> change) {
    return changed(handle -> change.apply(handle, require(handle, org, guid)));
  }

  private <T> CompletionStage<T> changed(Function<Handle, T> change) {
    return database.<T>call(change::apply).whenComplete((value, failure) -> changed.run());
  }

  private static StrategyRow require(Handle handle, String org, String guid) {
    return StrategyTable.find(handle, org, guid)
        .orElseThrow(() -> new StrategyRefusal(Kind.UNKNOWN, "there is no such strategy"));
  }

  private static void refuseFault(Edit edit) {
    edit.fault()
        .ifPresent(line -> {
          throw new StrategyRefusal(Kind.INVALID, line);
        });
  }
}
