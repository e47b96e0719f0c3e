package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.app.management.ManagementClient.NoAnswerException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A command that asks the node on this machine. Exit code 0 when it answered, 1 when it did not or
 * said no, 2 for a bad flag or setting.
 */
abstract class AskingCommand implements Callable<Integer> {
  private final ManageContext context;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      order = 101,
      description = "The node's data folder, which has its token (here).")
  private @Nullable String data;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      order = 102,
      description = "The node's INI file, if it was started with one.")
  private @Nullable String config;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      order = 103,
      description = "The port that the node was started with on its command line.")
  private @Nullable String port;

  @Option(
      names = {"-b", "--bind"},
      paramLabel = "IP",
      order = 104,
      description = "The ip that the node was started with on its command line.")
  private @Nullable String bind;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      order = 105,
      description = "A setting that the node was started with, such as management-port.")
  private List<String> set = List.of();

  @Option(names = "--json", order = 100, description = "Print the answer as JSON.")
  private boolean json;

  AskingCommand(ManageContext context) {
    this.context = context;
  }

  @Override
  public final Integer call() {
    try (ManagementClient client =
        ManagementClient.of(context.settings().load(data, config, pairs()))) {
      return run(client);
    } catch (NoAnswerException e) {
      context.err().println("rallypoint: " + e.getMessage());
      return 1;
    }
  }

  private List<String> pairs() {
    List<String> pairs = new ArrayList<>(set);
    if (port != null) {
      pairs.add("port=" + port);
    }
    if (bind != null) {
      pairs.add("bind=" + bind);
    }
    return pairs;
  }

  /** Asks and shows; returns the exit code. */
  abstract int run(ManagementClient client);

  /** Whether the answer is printed as it came. */
  final boolean isJson() {
    return json;
  }

  final PrintWriter out() {
    return context.out();
  }

  /** Prints an answer as JSON. */
  final void print(JsonNode answer) {
    out().println(answer.toPrettyString());
  }

  /** Names the nodes that said nothing, as a warning. */
  final void warnOfMissing(JsonNode answer) {
    answer
        .path("missing")
        .forEach(node -> context.err().println("warning: no answer from node " + node.asText()));
  }

  /** Says in one line on standard error why it did not come about. */
  final void refuse(String line) {
    context.err().println("rallypoint: " + line);
  }

  /** Says in one line on standard error what an operator should know. */
  final void warn(String line) {
    context.err().println("warning: " + line);
  }

  /** A text as a part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
