package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the cluster on a live screen. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Watch nodes, peers, punches and the busiest relay sessions.",
    description = {
      "",
      "A live screen, also over ssh; q ends it. Where standard input or output is no terminal it prints",
      "what there is once, and ends.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 ended, 1 no answer from the node of --data, 2 a bad flag or setting."
    })
public final class TopCommand extends AskingCommand {
  private static final int SHOWN = 20;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      order = 1,
      description = "How often it looks (2).")
  private int every = 2;

  /** The command. */
  public TopCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    TopScreen first = look(client);
    if (isJson()) {
      ObjectNode both = JsonNodeFactory.instance.objectNode();
      both.set("nodes", first.nodes());
      both.set("sessions", first.sessions());
      print(both);
      return 0;
    }
    if (System.console() == null || !System.console().isTerminal()) {
      first.lines(first, 0).forEach(out()::println);
      return 0;
    }
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      show(terminal, client, first);
      return 0;
    } catch (IOException e) {
      warn("the terminal cannot be used: " + e.getMessage());
      first.lines(first, 0).forEach(out()::println);
      return 0;
    }
  }

  private static TopScreen look(ManagementClient client) {
    JsonNode nodes = client.get("/v1/nodes");
    return new TopScreen(nodes, client.get("/v1/sessions?most=" + SHOWN));
  }

  private void show(Terminal terminal, ManagementClient client, TopScreen first)
      throws IOException {
    Attributes attributes = terminal.enterRawMode();
    terminal.puts(Capability.enter_ca_mode);
    try {
      Display display = new Display(terminal, true);
      TopScreen before = first;
      long lookedAt = Ticker.SYSTEM.nanos();
      draw(terminal, display, first.lines(first, 0));
      while (!isEnd(terminal.reader().read(Math.max(every, 1) * 1_000L))) {
        TopScreen next = look(client);
        long now = Ticker.SYSTEM.nanos();
        draw(terminal, display, next.lines(before, (now - lookedAt) / 1e9));
        before = next;
        lookedAt = now;
      }
    } finally {
      terminal.puts(Capability.exit_ca_mode);
      terminal.setAttributes(attributes);
      terminal.flush();
    }
  }

  /** q, Control-C, Control-D or the end of the input; -2 is the end of the wait. */
  private static boolean isEnd(int key) {
    return key == 'q' || key == 'Q' || key == 3 || key == 4 || key == -1;
  }

  private static void draw(Terminal terminal, Display display, List<String> lines) {
    int rows = Math.max(terminal.getSize().getRows(), 1);
    int columns = Math.max(terminal.getSize().getColumns(), 1);
    display.resize(Size.of(rows, columns));
    display.update(
        lines.stream()
            .limit(rows)
            .map(line -> line.length() < columns ? line : line.substring(0, columns - 1))
            .map(AttributedString::new)
            .toList(),
        0);
  }
}
