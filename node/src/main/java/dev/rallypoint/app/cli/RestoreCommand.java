package dev.rallypoint.app.cli;

import dev.rallypoint.app.backup.Archive;
import dev.rallypoint.app.backup.DatabaseRestore;
import dev.rallypoint.app.backup.FolderRestore;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.ImportResult;
import dev.rallypoint.store.TransferProgress;
import dev.rallypoint.time.WallClock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings back what {@link BackupCommand} wrote, into either kind of database. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Bring a backup back, into a data folder or into the PostgreSQL database of db-url.",
    description = {
      "",
      "Stop the nodes first. The whole file is checked before anything is changed. A backup of one",
      "node may be restored into PostgreSQL, and one of a cluster into a data folder.",
      "",
      "A folder or database that has peers or another key pair is refused. With --replace the files",
      "of the folder are put into a new folder before-restore-DATE in it; what a database has is",
      "deleted, so back it up first.",
      "",
      "Lists of members and leases are not in a backup: nodes on a restored database are a cluster",
      "of their own, and never join the one that the backup was made of.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:restored, or with --check: the file is sound",
      "2:refused; the line says why, and nothing was changed where it names the backup"
    },
    footer = {
      "",
      "For example, on a new machine:",
      "  bin/rallypoint restore rallypoint-2026-11-30.zip --data /var/lib/rallypoint",
      "  bin/rallypoint serve --data /var/lib/rallypoint",
      "",
      "As root, files get the owner of the data folder."
    })
final class RestoreCommand implements Callable<Integer> {
  private static final int SHOWN = 10;

  private final CommandContext context;

  @Parameters(paramLabel = "FILE", description = "What 'rallypoint backup' wrote.")
  private String from = "";

  @Option(
      names = "--replace",
      order = 0,
      description = "Put aside what the data folder has, or delete what the database has.")
  private boolean replace;

  @Option(names = "--check", order = 1, description = "Only look whether the file is sound.")
  private boolean check;

  @Mixin private final TransferFlags flags = new TransferFlags();

  RestoreCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = context.out();
    TransferProgress progress = TransferFlags.progress(out);
    try (Archive archive = Archive.open(flags.file(context, from), progress)) {
      String key = archive.pair().map(pair -> pair.publicKey().text()).orElse("none");
      out.printf(
          Locale.ROOT,
          "backup of %s: %,d peers, key %s%n",
          archive.created(),
          archive.peers(),
          key);
      if (!check) {
        restore(archive, progress);
      }
      return 0;
    }
  }

  private void restore(Archive archive, TransferProgress progress) {
    NodeSettings settings = flags.settings(context);
    switch (settings.store()) {
      case SqliteSettings(Path database) -> {
        Optional<Path> aside =
            new FolderRestore(settings.data(), database, WallClock.SYSTEM)
                .run(archive, replace, progress);
        aside.ifPresent(folder -> context.out().println("what was there is in " + folder));
        context.out().println("restored into " + settings.data());
      }
      case PostgresSettings shared -> {
        ImportResult imported =
            new DatabaseRestore(settings, shared).run(archive, replace, progress);
        if (!imported.leftOut().isEmpty()) {
          context.warn(
              "left out %,d: %s"
                  .formatted(
                      imported.leftOut().size(),
                      String.join(", ", imported.leftOut().stream().limit(SHOWN).toList())));
        }
        context.out().printf(Locale.ROOT, "restored %,d peers%n", imported.added());
      }
    }
    if (KeyText.of(settings.key().access(), settings.data())
            instanceof KeyText.SecretPair(SigningKey set)
        && archive.pair().filter(pair -> !pair.publicKey().equals(set.publicKey())).isPresent()) {
      context.warn("the setting key is another pair than the restored one, and comes first");
    }
  }
}
