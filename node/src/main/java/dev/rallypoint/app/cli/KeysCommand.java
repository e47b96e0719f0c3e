package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.ConfiguredKeyPair;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, shows and checks the key pair of a data folder, or of a cluster. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    header = "Make, show or check the key pair of a data folder, or of a cluster.",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  KeysCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(context.out());
  }

  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      header = "Make a pair and print its public key.")
  void generate(
      @Mixin TransferFlags flags,
      @Option(names = "--force", description = "Put a pair that is there aside, as *.old.")
          boolean force) {
    KeyFiles files = KeyFiles.in(flags.settings(context).data());
    context.out().println(files.generate(force).publicKey().text());
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Print the public key, the one to paste into clients.",
      description = "With a PostgreSQL db-url it is the one in that database.")
  void show(@Mixin TransferFlags flags) {
    String key = pair(flags).existing().publicKey().text();
    context.out().println(key);
    context.err().println(fingerprint(key)); // scripts take standard output as the key
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Check the pair of a data folder, or tell what kind of text a key is.",
      description = "With a PostgreSQL db-url the pair that counts is the one in that database.")
  int check(
      @Mixin TransferFlags flags,
      @Parameters(
              arity = "0..1",
              paramLabel = "KEYTEXT",
              description = "A text that someone has as a key.")
          @Nullable String text) {
    ConfiguredKeyPair pair = pair(flags);
    return text == null ? checkPair(pair) : checkText(text, pair);
  }

  private ConfiguredKeyPair pair(TransferFlags flags) {
    return ConfiguredKeyPair.of(flags.settings(context));
  }

  private int checkPair(ConfiguredKeyPair pair) {
    PrintWriter out = context.out();
    String key = pair.existing().publicKey().text();
    KeyFiles files = pair.folder();
    pair.checked().forEach(out::println);
    out.println("Paste into each client as Key: " + key);
    out.println(fingerprint(key));
    if (files.isSecretReadableByOthers()) {
      throw new SettingException(
          files.secretFile().toString(), "readable by others", "chmod 600 it");
    }
    return 0;
  }

  private int checkText(String text, ConfiguredKeyPair pair) {
    PrintWriter out = context.out();
    KeyText kind = KeyText.of(text);
    out.println(
        fingerprint(
            kind instanceof KeyText.SecretPair secret ? secret.pair().publicKey().text() : text));
    switch (kind) {
      case KeyText.FolderPair _ -> out.println("On the server: the pair of the data folder.");
      case KeyText.NoCheck _ -> out.println("On the server: no key check, everybody is served.");
      case KeyText.SecretPair given -> {
        out.println("A secret key, for the server only; never give it to a client.");
        out.println("Paste into each client as Key: " + given.pair().publicKey().text());
      }
      case KeyText.PublicHalf half ->
          out.println("A public key, for clients. " + ownership(half.key(), pair));
      case KeyText.PlainText _ -> {
        out.println("Neither a public nor a secret key.");
        out.println("On the server it is a text that each client must have as Key.");
      }
      case KeyText.Damaged damaged -> throw new SettingException("key", "...", damaged.advice());
    }
    return 0;
  }

  /** As the log names the key of a client that has a wrong one. */
  private static String fingerprint(String key) {
    return "In the log: key=" + AccessKey.fingerprint(key);
  }

  private static String ownership(PublicKey key, ConfiguredKeyPair pair) {
    Optional<PublicKey> own = pair.found().map(SigningKey::publicKey);
    if (own.isEmpty()) {
      return "There is no pair in " + pair.place() + " to compare it with.";
    }
    return own.get().equals(key)
        ? "It is the one of " + pair.place() + "."
        : "It is NOT the one of " + pair.place() + ", which is " + own.get().text();
  }
}
