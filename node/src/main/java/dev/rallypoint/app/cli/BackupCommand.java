package dev.rallypoint.app.cli;

import dev.rallypoint.app.backup.Backup;
import dev.rallypoint.time.WallClock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the peers and the key pair into one file. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Write all peers, the key pair and the relay's lists into one file.",
    description = {
      "",
      "For one node with SQLite and for a cluster with PostgreSQL; nodes may run meanwhile, and the",
      "peers are as of one moment. Run it on the node's machine as the node's user or as root, with",
      "the same --data, or with the db-url of the cluster.",
      "",
      "The file holds the secret key: it has mode 600, keep it as a secret. A file that is there is",
      "never replaced. Settings, certificates and the log are not in it.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the file is whole and on the disk", "2:there is no file; the line says why"},
    footer = {
      "",
      "For example, each night:",
      "  bin/rallypoint backup /var/backups/rallypoint-$(date +%%F).zip --data /var/lib/rallypoint",
      "",
      "'rallypoint restore' brings it back, 'rallypoint restore --check' looks whether it is sound."
    })
final class BackupCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "FILE", description = "The file to make.")
  private String to = "";

  @Mixin private final TransferFlags flags = new TransferFlags();

  BackupCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = context.out();
    Path file = flags.file(context, to);
    Backup backup =
        new Backup(flags.settings(context), TransferFlags.progress(out), WallClock.SYSTEM);
    Backup.Made made = backup.into(file);
    made.pair()
        .ifPresentOrElse(
            pair -> out.println("key: " + pair.publicKey().text()),
            () -> context.warn("there is no key pair: the backup has peers only"));
    out.printf(
        Locale.ROOT, "backed up %,d peers to %s (%,d bytes)%n", made.peers(), file, made.bytes());
    return 0;
  }
}
