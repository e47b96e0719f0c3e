package dev.rallypoint.app.cli;

import com.typesafe.config.Config;
import dev.rallypoint.config.SettingSources;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists every setting with its default and meaning. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    header = "List every setting with its default and meaning.")
final class SettingsCommand implements Runnable {
  private final CommandContext context;

  SettingsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    Config defaults = SettingSources.defaults();
    defaults.root().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> {
          String name = setting.getKey();
          context.out().printf("%s = %s%n", name, defaults.getString(name));
          setting
              .getValue()
              .origin()
              .comments()
              .forEach(line -> context.out().println("    " + line.strip()));
        });
  }
}
