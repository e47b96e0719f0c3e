package dev.rallypoint.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An operator's folder, flags and environment, put together step by step. */
final class Written {
  private final Path folder;
  private final Map<String, String> flags = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Optional<Path> ini = Optional.empty();

  Written(Path folder) {
    this.folder = folder;
  }

  Written flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  Written environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Written ini(String text) {
    ini = Optional.of(Path.of("hbbs.ini"));
    return file("hbbs.ini", text);
  }

  Written iniAt(String path) {
    ini = Optional.of(Path.of(path));
    return this;
  }

  Written dotEnv(String text) {
    return file(".env", text);
  }

  LoadedSettings load() {
    return new SettingSources(flags, ini, folder, environment).load();
  }

  NodeSettings node() {
    return load().node();
  }

  private Written file(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
