package dev.rallypoint.app.doctor.server;

import dev.rallypoint.app.doctor.CertificateVerdicts;
import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClockVerdicts;
import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.MachineVerdicts;
import dev.rallypoint.app.doctor.ServerVerdict;
import dev.rallypoint.config.LoadedSettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.store.DatabaseCheckup;
import dev.rallypoint.store.SqliteLibrary;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.datagram.DatagramPort;
import dev.rallypoint.transport.tls.Certificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the machine that a node runs on, or is to run on, with the node's settings and as its
 * user. Takes some 10 s at most.
 */
public final class ServerDoctor {
  private static final Duration SLOW = Duration.ofMillis(100);

  private final NodeSettings settings;
  private final Ticker ticker;
  private final WallClock clock;

  private ServerDoctor(NodeSettings settings, Ticker ticker, WallClock clock) {
    this.settings = settings;
    this.ticker = ticker;
    this.clock = clock;
  }

  /**
   * Looks at everything. Blocks.
   *
   * @param load reads the settings; what it throws is a row
   */
  public static Diagnosis diagnose(Supplier<LoadedSettings> load, Ticker ticker, WallClock clock) {
    List<Finding> rows = new ArrayList<>();
    LoadedSettings loaded;
    try {
      loaded = load.get();
    } catch (SettingException e) {
      rows.add(row(Check.SETTINGS, ServerVerdict.SETTINGS_WRONG, e));
      return new Diagnosis("this machine", rows);
    }
    loaded
        .warnings()
        .forEach(
            line -> rows.add(new Finding(Check.SETTINGS, ServerVerdict.SETTINGS_DOUBTFUL, line)));
    if (rows.isEmpty()) {
      rows.add(new Finding(Check.SETTINGS, ServerVerdict.SETTINGS_GOOD, "all can be read"));
    }
    NodeSettings settings = loaded.node();
    rows.addAll(new ServerDoctor(settings, ticker, clock).findings());
    return new Diagnosis("this machine, data folder " + settings.data(), rows);
  }

  private List<Finding> findings() {
    List<Finding> rows = new ArrayList<>();
    OpenFileLimit.find()
        .ifPresent(limit -> rows.add(MachineVerdicts.descriptors(limit.whose(), limit.files())));
    // SQLite's library is loaded from the first folder that it can be run from: before its use.
    if (settings.store() instanceof SqliteSettings) {
      rows.add(temporaryFolder());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<List<Finding>>> asked = new ArrayList<>();
      asked.add(begin(threads, this::machine));
      asked.add(begin(threads, this::database));
      asked.add(begin(threads, () -> new NodePortsProbe(settings).find().findings()));
      asked.add(begin(threads, () -> new SettingNamesProbe(settings).find()));
      asked.add(begin(threads, this::certificate));
      if (settings.store() instanceof PostgresSettings shared) {
        asked.add(
            begin(threads, () -> new MembersProbe(settings.cluster(), shared, threads).find()));
      }
      asked.forEach(found -> rows.addAll(found.join()));
    }
    return rows;
  }

  private static CompletableFuture<List<Finding>> begin(
      ExecutorService threads, Supplier<List<Finding>> check) {
    return CompletableFuture.supplyAsync(check, threads);
  }

  private Finding temporaryFolder() {
    Path folder = SqliteLibrary.temporaryFolder();
    boolean isUsable = SqliteLibrary.isUsableFrom(folder);
    return MachineVerdicts.temporaryFolder(
        folder.toString(), isUsable, isUsable || SqliteLibrary.isUsableFrom(databaseFolder()));
  }

  private List<Finding> machine() {
    List<Finding> rows = new ArrayList<>();
    try (DatagramChannel channel = DatagramChannel.open()) {
      int set = settings.rendezvous().receiveBuffer();
      int wanted = set > 0 ? set : DatagramPort.RECEIVE_BUFFER;
      channel.setOption(StandardSocketOptions.SO_RCVBUF, wanted);
      int granted = Objects.requireNonNull(channel.getOption(StandardSocketOptions.SO_RCVBUF));
      rows.add(MachineVerdicts.udpBuffer(granted, wanted));
    } catch (IOException e) {
      // No UDP at all: the row of the ports tells of it.
    }
    try {
      Path folder = existing(databaseFolder());
      rows.add(
          MachineVerdicts.disk(folder.toString(), Files.getFileStore(folder).getUsableSpace()));
    } catch (IOException e) {
      // The row of the database tells of it.
    }
    return rows;
  }

  private Path databaseFolder() {
    return settings.store() instanceof SqliteSettings(Path file)
        ? Objects.requireNonNull(file.toAbsolutePath().getParent())
        : settings.data();
  }

  /** The folder, or the nearest one above it that is there. */
  private static Path existing(Path folder) {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path)) {
      @Nullable Path above = path.getParent();
      if (above == null) {
        return path;
      }
      path = above;
    }
    return path;
  }

  private List<Finding> database() {
    StoreSettings store = settings.store();
    String name = store instanceof SqliteSettings(Path file) ? file.toString() : store.toString();
    try {
      DatabaseCheckup found = DatabaseCheckup.of(store, ticker, clock);
      List<Finding> rows = new ArrayList<>();
      String time = "%s answers in %d ms".formatted(name, found.answer().toMillis());
      ServerVerdict verdict =
          !found.isMade()
              ? ServerVerdict.DATABASE_NOT_MADE
              : found.answer().compareTo(SLOW) > 0
                  ? ServerVerdict.DATABASE_SLOW
                  : ServerVerdict.DATABASE_GOOD;
      rows.add(
          new Finding(
              Check.DATABASE,
              verdict,
              found.isMade() ? time : name + " has no tables of a node yet"));
      found.ahead().ifPresent(ahead -> rows.add(ClockVerdicts.ofDatabase(ahead)));
      return rows;
    } catch (SettingException e) {
      return List.of(row(Check.DATABASE, ServerVerdict.DATABASE_UNUSABLE, e));
    }
  }

  private List<Finding> certificate() {
    return settings.entrance().tls().map(this::certificate).map(List::of).orElse(List.of());
  }

  private Finding certificate(TlsSettings files) {
    try {
      Certificate.load(files);
      List<X509Certificate> chain = new ArrayList<>();
      try (InputStream in = Files.newInputStream(files.certificate())) {
        for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          chain.add((X509Certificate) one);
        }
      }
      Instant now = clock.instant();
      return CertificateVerdicts.of(files.certificate().toString(), chain, true, true)
          .ownFinding(now);
    } catch (SettingException e) {
      return row(Check.NODE_CERTIFICATE, ServerVerdict.NODE_CERTIFICATE_BAD, e);
    } catch (IOException | CertificateException e) {
      return new Finding(
          Check.NODE_CERTIFICATE,
          ServerVerdict.NODE_CERTIFICATE_BAD,
          String.valueOf(e.getMessage()));
    }
  }

  private static Finding row(Check check, ServerVerdict verdict, SettingException why) {
    return new Finding(check, verdict, why.getMessage());
  }
}
