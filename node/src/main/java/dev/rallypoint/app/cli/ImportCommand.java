package dev.rallypoint.app.cli;

import dev.rallypoint.store.ImportResult;
import dev.rallypoint.store.PeerImport;
import dev.rallypoint.store.SharedDatabase;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the peers of a file of hbbs, or of a single node, into PostgreSQL. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Add the peers of a db_v2.sqlite3 to the PostgreSQL database of db-url.",
    description = {
      "",
      "For the step from hbbs, or from one node, to a cluster. All columns are carried. An id that the",
      "database has already stays as it is there, so it may be done again: stop hbbs, import once more,",
      "start the nodes. The file is only read; where a -wal is beside it, stop the server first or copy",
      "both, for the newest ids are in that.",
      ""
    },
    footer = {
      "",
      "For example:",
      "  export DB_URL=postgresql://rallypoint:secret@db.example:5432/rallypoint",
      "  bin/rallypoint import --from /var/lib/hbbs/db_v2.sqlite3",
      "",
      "The keys of the server, id_ed25519 and id_ed25519.pub, are files: put them into the data folder",
      "of the node that you start first. It brings them into the database, the others need none.",
      "'rallypoint export' goes the other way."
    })
final class ImportCommand implements Callable<Integer> {
  private static final String FROM = "--from";
  private static final int SHOWN = 10;

  private final CommandContext context;

  @Option(
      names = FROM,
      paramLabel = "FILE",
      order = 1,
      description = "The file to read (db_v2.sqlite3 in the data folder).")
  private @Nullable String from;

  @Mixin private final TransferFlags flags = new TransferFlags();

  ImportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = context.out();
    Path file = flags.file(context, from);
    try (SharedDatabase database = SharedDatabase.open(flags.database(context))) {
      ImportResult imported = PeerImport.run(FROM, file, database, TransferFlags.progress(out));
      out.printf(
          Locale.ROOT,
          "imported %,d, the same already %,d, in conflict %,d, left out %,d%n",
          imported.added(),
          imported.same(),
          imported.conflicts().size(),
          imported.leftOut().size());
      show("in conflict, kept as the database has them", imported.conflicts());
      show("left out", imported.leftOut());
    }
    return 0;
  }

  private void show(String what, List<String> ids) {
    if (!ids.isEmpty()) {
      String more = ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "";
      String first = String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())));
      context.warn(what + ": " + first + more);
    }
  }
}
