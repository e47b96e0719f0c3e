package dev.rallypoint.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class ProgramVersion implements IVersionProvider {
  private static final String PROPERTIES =
      "/META-INF/maven/dev.rallypoint/rallypoint-node/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream written = ProgramVersion.class.getResourceAsStream(PROPERTIES)) {
      if (written != null) {
        properties.load(written);
      }
    }
    String version = properties.getProperty("version", "from an unpacked build");
    return new String[] {"rallypoint " + version + " (Java " + Runtime.version() + ")"};
  }
}
