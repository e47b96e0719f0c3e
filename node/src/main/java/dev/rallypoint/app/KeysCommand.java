package dev.rallypoint.app;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SettingSources;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, shows and checks the key pair of a data folder. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    header = "Make, show or check the key pair of a data folder.",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {
  private final Surroundings surroundings;

  @Spec private @Nullable CommandSpec spec;

  KeysCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(surroundings.out());
  }

  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      header = "Make a pair and print its public key.")
  void generate(
      @Option(names = "--data", paramLabel = "DIR", description = "The data folder (here).")
          @Nullable String data,
      @Option(names = "--force", description = "Put a pair that is there aside, as *.old.")
          boolean force) {
    KeyFiles files = files(data);
    surroundings.out().println(files.generate(force).publicKey().text());
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Print the public key, the one to paste into clients.")
  void show(
      @Option(names = "--data", paramLabel = "DIR", description = "The data folder (here).")
          @Nullable String data) {
    surroundings.out().println(existing(files(data)).publicKey().text());
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Check the pair of a data folder, or tell what kind of text a key is.")
  int check(
      @Option(names = "--data", paramLabel = "DIR", description = "The data folder (here).")
          @Nullable String data,
      @Parameters(
              arity = "0..1",
              paramLabel = "KEYTEXT",
              description = "A text that someone has as a key.")
          @Nullable String text) {
    KeyFiles files = files(data);
    return text == null ? checkFolder(files) : checkText(text, files);
  }

  private int checkFolder(KeyFiles files) {
    PrintWriter out = surroundings.out();
    String key = existing(files).publicKey().text();
    out.println(files.secretFile() + " and its public half belong together.");
    out.println("Paste into each client as Key: " + key);
    if (files.isSecretReadableByOthers()) {
      throw new SettingException(
          files.secretFile().toString(), "readable by others", "chmod 600 it");
    }
    return 0;
  }

  private int checkText(String text, KeyFiles files) {
    PrintWriter out = surroundings.out();
    switch (KeyText.of(text)) {
      case KeyText.FolderPair _ -> out.println("On the server: the pair of the data folder.");
      case KeyText.NoCheck _ -> out.println("On the server: no key check, everybody is served.");
      case KeyText.SecretPair secret -> {
        out.println("A secret key, for the server only; never give it to a client.");
        out.println("Paste into each client as Key: " + secret.pair().publicKey().text());
      }
      case KeyText.PublicHalf half ->
          out.println("A public key, for clients. " + ownership(half.key(), files));
      case KeyText.Words _ -> {
        out.println("Neither a public nor a secret key.");
        out.println("On the server it is a text that each client must have as Key.");
      }
      case KeyText.Damaged damaged -> throw new SettingException("key", "...", damaged.mend());
    }
    return 0;
  }

  private static String ownership(PublicKey key, KeyFiles files) {
    Optional<PublicKey> own = files.load().map(SigningKey::publicKey);
    if (own.isEmpty()) {
      return "There is no pair in " + files.folder() + " to compare it with.";
    }
    return own.get().equals(key)
        ? "It is the one of " + files.folder() + "."
        : "It is NOT the one of " + files.folder() + ", which is " + own.get().text();
  }

  private static SigningKey existing(KeyFiles files) {
    return files
        .load()
        .orElseThrow(() ->
            new SettingException(
                files.secretFile().toString(),
                "not there",
                "'keys generate' or the first 'serve' makes a pair"));
  }

  /** The folder that {@code serve} would use. */
  private KeyFiles files(@Nullable String data) {
    Map<String, String> flags = data == null ? Map.of() : Map.of("data", data);
    SettingSources sources =
        new SettingSources(
            flags, Optional.empty(), surroundings.workingDirectory(), surroundings.environment());
    return KeyFiles.in(sources.load().node().data());
  }
}
