package dev.rallypoint.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.Config;
import dev.rallypoint.config.SettingSources;
import dev.rallypoint.config.WrittenSetting;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists every setting with its value, where that was written, its default and its meaning. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "List every setting: its value, where it was written, its meaning.",
    description = {
      "",
      "Takes the flags of 'serve', and reads the same files and environment: so it shows what a node that",
      "is started like this would take. Secrets are not shown. What operators have changed for all nodes",
      "is not in it: 'rallypoint limits' shows that.",
      ""
    },
    footer = {"", "Exit codes: 0 fine, 2 a bad flag or setting."})
final class SettingsCommand implements Runnable {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", order = 50, description = "Print them as JSON.")
  private boolean json;

  @Option(names = "--written", order = 51, description = "Only those that were written somewhere.")
  private boolean written;

  SettingsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    List<WrittenSetting> settings =
        ServeFlags.sources(Objects.requireNonNull(spec), context).effective().stream()
            .filter(setting -> !written || isWritten(setting))
            .toList();
    Config defaults = SettingSources.defaults();
    if (json) {
      printJson(settings, defaults);
      return;
    }
    for (WrittenSetting setting : settings) {
      context.out().printf("%s = %s%n", setting.name(), setting.value());
      if (isWritten(setting)) {
        String standard = defaults.getString(setting.name());
        context
            .out()
            .printf(
                "    %s; the default is %s%n",
                setting.where(), standard.isEmpty() ? "empty" : standard);
      }
      defaults
          .getValue(setting.name())
          .origin()
          .comments()
          .forEach(line -> context.out().println("    " + line.strip()));
    }
  }

  private static boolean isWritten(WrittenSetting setting) {
    return !setting.where().equals(SettingSources.NOWHERE);
  }

  private void printJson(List<WrittenSetting> settings, Config defaults) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (WrittenSetting setting : settings) {
      all.addObject()
          .put("name", setting.name())
          .put("value", setting.value())
          .put("source", setting.where())
          .put("default", defaults.getString(setting.name()));
    }
    context.out().println(all.toPrettyString());
  }
}
