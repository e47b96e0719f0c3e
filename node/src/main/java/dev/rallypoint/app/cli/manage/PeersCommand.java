package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.app.management.ManagementClient.NoAnswerException;
import dev.rallypoint.config.SettingException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the devices that the server knows, and deletes ids. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "List devices, or delete or release an id.",
    description = {
      "",
      "LAST SEEN is the last day on which the device was online. 'delete' deletes ids whose devices are",
      "not online, with the key that is stored. 'release' does it to an online device too: it frees an",
      "id for a device that was installed anew and has another key. After both the next device that",
      "registers the id has it. The log of the node says what was deleted; nothing brings it back.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered or done, 1 no answer, no such id, or an id that was not deleted, 2 a bad",
      "flag or setting.",
      "",
      "For example, the devices that were not online for 90 days, and then to delete them:",
      "  rallypoint peers --older 90d --most 0",
      "  rallypoint peers --older 90d delete --yes"
    })
public final class PeersCommand extends AskingCommand {
  private static final int PAGE = 500;

  @Parameters(
      arity = "0..2",
      paramLabel = "[ID] [delete|release]",
      hideParamSyntax = true,
      description = "One id; and what to do with it, or with those of --older.")
  private List<String> words = List.of();

  @Option(names = "--online", order = 1, description = "Only devices that are online.")
  private boolean online;

  @Option(
      names = "--older",
      paramLabel = "DAYS",
      order = 2,
      description = "Only devices that were not online for so many days, such as 90d.")
  private @Nullable String older;

  @Option(names = "--after", paramLabel = "ID", order = 3, description = "Begin after this id.")
  private String after = "";

  @Option(
      names = "--most",
      paramLabel = "N",
      order = 4,
      description = "How many are listed (100; 0 for all, page by page).")
  private int most = 100;

  @Option(names = "--yes", order = 5, description = "Delete all that --older lists.")
  private boolean yes;

  /** The command. */
  public PeersCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    Optional<String> action =
        words.stream().filter(word -> word.equals("delete") || word.equals("release")).findFirst();
    List<String> ids =
        words.stream().filter(word -> action.filter(word::equals).isEmpty()).toList();
    if (ids.size() > 1 || words.size() > 1 && action.isEmpty()) {
      throw new SettingException("peers", words.getLast(), "write delete or release behind the id");
    }
    if (action.isEmpty()) {
      return ids.isEmpty() ? list(client) : one(client, ids.getFirst());
    }
    boolean isRelease = action.get().equals("release");
    if (!ids.isEmpty()) {
      return free(client, ids.getFirst(), isRelease) ? 0 : 1;
    }
    return freeOlder(client, isRelease);
  }

  private int one(ManagementClient client, String id) {
    JsonNode answer = client.get("/v1/peers/" + encoded(id));
    if (answer.path("peers").isEmpty()) {
      warn("nobody has the id " + id);
      return 1;
    }
    show(answer);
    return 0;
  }

  private int list(ManagementClient client) {
    pages(client, most == 0 ? Integer.MAX_VALUE : most, this::show);
    return 0;
  }

  private void show(JsonNode page) {
    if (isJson()) {
      print(page);
      return;
    }
    TextRows rows =
        new TextRows("ID", "STATE", "NODE", "ADDRESS", "WAY", "SINCE", "STORED", "LAST SEEN");
    for (JsonNode peer : page.path("peers")) {
      JsonNode home = peer.path("home");
      rows.add(
          peer.path("id").asText(),
          peer.path("is_online").asBoolean() ? "online" : "offline",
          home.path("node").asText("-"),
          home.path("address").asText(peer.path("ip").asText("-")),
          home.path("way").asText("-"),
          TextRows.minute(home.path("since").asText("")),
          TextRows.minute(peer.path("stored").asText("")),
          peer.path("last_seen").asText("-"));
    }
    rows.print(out());
    warnOfMissing(page);
  }

  /** Asks for page after page; each is forgotten before the next one comes. */
  private void pages(ManagementClient client, int atMost, Consumer<JsonNode> use) {
    int left = atMost;
    String from = after;
    while (left > 0) {
      JsonNode page =
          client.get(
              "/v1/peers?most=%d&after=%s&online=%s%s"
                  .formatted(Math.min(left, PAGE), encoded(from), online, days()));
      use.accept(page);
      left -= page.path("peers").size();
      if (!page.has("next")) {
        return;
      }
      from = page.path("next").asText();
    }
  }

  private String days() {
    if (older == null) {
      return "";
    }
    if (!older.matches("\\d{1,5}d?")) {
      throw new SettingException("--older", older, "write a number of days, such as 90d");
    }
    return "&unused_days=" + older.replace("d", "");
  }

  private boolean free(ManagementClient client, String id, boolean evenOnline) {
    JsonNode answer =
        client.delete("/v1/peers/%s?even_online=%s".formatted(encoded(id), evenOnline));
    if (isJson()) {
      print(answer);
    } else {
      out().println((evenOnline ? "released " : "deleted ") + id);
    }
    return true;
  }

  private int freeOlder(ManagementClient client, boolean isRelease) {
    if (older == null || isRelease) {
      throw new SettingException(
          "peers", words.getFirst(), "name an id before it; only delete goes with --older DAYS");
    }
    int[] counts = new int[2]; // all, and those that were not deleted
    pages(
        client,
        Integer.MAX_VALUE,
        page ->
            page.path("peers")
                .forEach(peer -> {
                  counts[0]++;
                  if (yes && !isDeleted(client, peer.path("id").asText())) {
                    counts[1]++;
                  }
                }));
    if (!yes) {
      out().printf("%d ids would be deleted; write --yes to do it%n", counts[0]);
    }
    return counts[1] == 0 ? 0 : 1;
  }

  private boolean isDeleted(ManagementClient client, String id) {
    try {
      return free(client, id, false);
    } catch (NoAnswerException e) {
      warn(id + ": " + e.getMessage());
      return false;
    }
  }
}
