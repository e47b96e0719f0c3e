package dev.rallypoint.app.cli;

import dev.rallypoint.app.RunningNode;
import dev.rallypoint.app.StartLog;
import dev.rallypoint.app.keys.DatabaseKeyPairs;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.app.keys.NewPairGuard;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.TerminationHandler;
import dev.rallypoint.app.log.LogOutput;
import dev.rallypoint.app.onboarding.ServerName;
import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.config.LoadedSettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.SqliteFileReview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a node until it is told to end. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Run a node.",
    description = {
      "",
      "Without flags it takes hbbs's and hbbr's ports and keeps its files in the working directory.",
      "A folder of hbbs (id_ed25519, db_v2.sqlite3) is used as it is.",
      ""
    },
    footer = {
      "",
      "Ports to open: 21115/tcp, 21116/tcp, 21116/udp and 21117/tcp; with --port P: P-1/tcp, P/tcp,",
      "P/udp and P+1/tcp. For the HTTP API 21114/tcp (P-2), for WebSocket 21118/tcp and 21119/tcp",
      "(P+2 and P+3). Between the nodes of a cluster 25520/tcp and 25521/tcp.",
      "",
      "The strongest place of a setting first: a flag; the file of --config; .env in the working",
      "directory; the environment (KEY, PORT, RELAY-SERVERS and hbbs's other names as they are, and",
      "every setting with RALLYPOINT_ before it); the default.",
      "",
      "For example, with the relay on another machine:",
      "  bin/rallypoint serve --data /var/lib/rallypoint -r relay.example.org",
      "",
      "When all ports answer it prints: ready id=<port> relay=<port> key=<public key>"
    })
final class ServeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--check",
      order = 50,
      description =
          "Only look whether the node could start: settings, data folder, key, database, ports."
              + " Nothing is made or changed; exit code 2 where something is wrong.")
  private boolean isCheck;

  ServeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    LoadedSettings loaded = ServeFlags.sources(Objects.requireNonNull(spec), context).load();
    if (isCheck) {
      return check(loaded);
    }
    LogOutput.open(loaded.log());
    TerminationHandler termination = new TerminationHandler();
    context.terminations().accept(termination);
    try {
      return serve(loaded, termination);
    } catch (RuntimeException e) {
      if (termination.isTold()) {
        return 0; // it was ended while it started
      }
      throw e;
    }
  }

  private int check(LoadedSettings loaded) {
    loaded.warnings().forEach(context::warn);
    List<StartCheck.Line> lines = StartCheck.of(loaded.node());
    lines.forEach(line ->
        context
            .out()
            .printf("%-5s %-12s %s%n", line.isGood() ? "ok" : "FAULT", line.name(), line.text()));
    return lines.stream().allMatch(StartCheck.Line::isGood) ? 0 : 2;
  }

  private int serve(LoadedSettings loaded, TerminationHandler termination) {
    NodeSettings settings = loaded.node();
    KeyFiles files = KeyFiles.of(settings);
    List<String> ofDatabase = databaseWarnings(settings.store(), files);
    ServerKey key = key(settings, files);
    StartupNotice notice = new StartupNotice(settings, key, ServerName.of(settings));
    loaded.warnings().forEach(context::warn);
    notice.warnings().forEach(context::warn);
    ofDatabase.forEach(context::warn);
    ServeFlags.visibleSecrets(Objects.requireNonNull(spec), settings).forEach(context::warn);
    if (files.isAnotherGiven()) {
      context.warn(files.secretFile() + " is served with; the pair of key-priv is another");
    }
    if (files.isSecretReadableByOthers()) {
      context.warn(files.secretFile() + " can be read by others: chmod 600 it");
    }
    StartLog.begin(loaded, key);
    return run(context.starter().start(settings, key, termination::by), termination, notice);
  }

  /** Looked at before the key pair and the database are made. */
  private static List<String> databaseWarnings(StoreSettings store, KeyFiles files) {
    return store instanceof SqliteSettings(Path file)
        ? SqliteFileReview.warnings(file, Files.exists(files.secretFile()))
        : List.of();
  }

  /** Nodes that share a database share the pair in it. */
  private static ServerKey key(NodeSettings settings, KeyFiles files) {
    KeyText text = KeyText.of(settings.key().access(), settings.data());
    return switch (settings.store()) {
      case SqliteSettings(Path file) ->
          ServerKey.of(
              text,
              new NewPairGuard(
                  files,
                  files.secretFile(),
                  file.toString(),
                  () -> GroupedPeerStore.knowsPeers(file)));
      case PostgresSettings shared -> {
        try (SharedDatabase database = SharedDatabase.open(shared)) {
          ClusterKeyPair pair = new ClusterKeyPair(database, settings.cluster().name());
          yield ServerKey.of(
              text,
              new NewPairGuard(
                  new DatabaseKeyPairs(files, pair),
                  files.secretFile(),
                  shared.toString(),
                  database::knowsPeers));
        }
      }
    };
  }

  private int run(RunningNode node, TerminationHandler termination, StartupNotice notice) {
    termination.by(node::close);
    notice.lines().forEach(context.out()::println);
    notice.setup().forEach(context.out()::println);
    context.out().println(node.readyLine());
    node.awaitTermination();
    if (termination.isTold()) {
      return 0;
    }
    context.err().println("rallypoint: the node stopped by itself: " + node.ending());
    return 1;
  }
}
