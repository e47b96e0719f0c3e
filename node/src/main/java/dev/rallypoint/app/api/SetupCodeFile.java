package dev.rallypoint.app.api;

import dev.rallypoint.app.keys.NewFile;
import dev.rallypoint.cluster.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in the data folder with the code that makes the first administrator. It is there while
 * the node knows of no administrator; the log names the file and never the code.
 */
public final class SetupCodeFile {
  private static final Logger LOG = LoggerFactory.getLogger(SetupCodeFile.class);
  private static final String NAME = "setup-code";

  private final Path file;

  SetupCodeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** The code of a data folder, where there is one. */
  public static Optional<String> in(Path data) {
    try {
      return Optional.of(Files.readString(data.resolve(NAME)).strip());
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  /** Writes a new code in place of an older one, once it is stored; or removes the file. */
  void write(CompletionStage<Optional<String>> code) {
    code.whenComplete(
            (made, failure) -> {
              remove();
              if (failure != null) {
                LOG.warn("no set-up code could be made: {}", Failures.cause(failure).getMessage());
              } else if (made.isPresent()) {
                write(made.get());
              }
            })
        .exceptionally(failure -> Optional.empty())
        .toCompletableFuture()
        .join();
  }

  private void write(String code) {
    try {
      NewFile.write(file, code + "\n", NewFile.OWNER_ONLY);
    } catch (IOException e) {
      LOG.info(
          "{} cannot be written ({}): 'rallypoint admin setup-code' tells a code",
          file,
          e.getMessage());
    }
  }

  /** Removes the file: there is an administrator. */
  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} is of no use any more and cannot be removed: {}", file, e.getMessage());
    }
  }

  /** Says where the code is, while there is one. */
  void tell() {
    if (Files.exists(file)) {
      LOG.info(
          "no administrator yet: the code in {} makes one, at /setup of the API's port or by"
              + " 'rallypoint admin create'",
          file);
    }
  }
}
