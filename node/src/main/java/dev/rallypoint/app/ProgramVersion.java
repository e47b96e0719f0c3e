package dev.rallypoint.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
public final class ProgramVersion implements IVersionProvider {
  private static final String PROPERTIES =
      "/META-INF/maven/dev.rallypoint/rallypoint-node/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    String version = written().orElse("from an unpacked build");
    return new String[] {"rallypoint " + version + " (Java " + Runtime.version() + ")"};
  }

  /** The version alone, as nodes of a cluster compare it. */
  public static String number() {
    try {
      return written().orElse("0.0.0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> written() throws IOException {
    Properties properties = new Properties();
    try (InputStream written = ProgramVersion.class.getResourceAsStream(PROPERTIES)) {
      if (written != null) {
        properties.load(written);
      }
    }
    return Optional.ofNullable(properties.getProperty("version"));
  }
}
