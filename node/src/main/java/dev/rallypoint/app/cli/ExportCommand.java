package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.PeerExport;
import dev.rallypoint.store.SharedDatabase;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the peers of PostgreSQL into a file that hbbs, or a single node, opens. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Write the peers of the PostgreSQL database of db-url into a new db_v2.sqlite3.",
    description = {
      "",
      "For the way back to hbbs or to one node, and as a backup. All columns are carried, as they are at",
      "one moment; nodes may run meanwhile. The cluster's key pair is put beside the file, as id_ed25519",
      "and id_ed25519.pub. A file that is there is not touched.",
      ""
    },
    footer = {
      "",
      "For example:",
      "  export DB_URL=postgresql://rallypoint:secret@db.example:5432/rallypoint",
      "  bin/rallypoint export --to /var/lib/hbbs/db_v2.sqlite3",
      "",
      "'rallypoint import' goes the other way."
    })
final class ExportCommand implements Callable<Integer> {
  private static final String TO = "--to";

  private final CommandContext context;

  @Option(
      names = TO,
      paramLabel = "FILE",
      order = 1,
      description = "The file to make (db_v2.sqlite3 in the data folder).")
  private @Nullable String to;

  @Mixin private final TransferFlags flags = new TransferFlags();

  ExportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = context.out();
    Path file = flags.file(context, to);
    KeyFiles keys = KeyFiles.in(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    String cluster = flags.settings(context).cluster().name();
    try (SharedDatabase database = SharedDatabase.open(flags.database(context))) {
      Optional<SigningKey> pair = new ClusterKeyPair(database, cluster).find();
      pair.ifPresent(keys::requireNoOther);
      long rows = PeerExport.run(TO, file, database, TransferFlags.progress(out));
      pair.ifPresent(keys::keep);
      out.printf(Locale.ROOT, "exported %,d to %s%n", rows, file);
      pair.ifPresent(_ -> out.println("the key pair is in " + keys.secretFile()));
    }
    return 0;
  }
}
