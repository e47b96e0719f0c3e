package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell launcher, run as a user runs it, on the classes just built. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("src/main/dist/bin/rallypoint");

  @TempDir static Path home;
  @TempDir Path folder;

  private record Result(int code, String out, String err) {}

  @BeforeAll
  static void unpack() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path lib = Files.createDirectories(home.resolve("lib"));
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.copy(SCRIPT, bin.resolve("rallypoint"));
    assertThat(bin.resolve("rallypoint").toFile().setExecutable(true)).isTrue();
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      Path jar = lib.resolve(number++ + ".jar");
      if (Files.isDirectory(path)) {
        pack(path, jar);
      } else {
        Files.createSymbolicLink(jar, path);
      }
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(classes, FileVisitOption.FOLLOW_LINKS)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
      }
    }
  }

  private Result launch(Path program, Map<String, String> environment, String... args)
      throws Exception {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(args));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("RALLYPOINT_LAB"); // of the tests, not a setting
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(Files.createDirectories(folder.resolve("cwd")).toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Result(process.waitFor(), Files.readString(out), Files.readString(err));
  }

  private Path program() {
    return home.resolve("bin/rallypoint");
  }

  /** A Java that says it is of some version and only prints how it was called. */
  private Path fakeJava(String name, String version) throws IOException {
    Path java = Files.createDirectories(folder.resolve(name).resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho " + name + " \"$@\"\n");
    Files.writeString(
        folder.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return folder.resolve(name);
  }

  @Test
  void runsFromAnyFolderAndKeepsItsFilesInTheWorkingDirectory() throws Exception {
    Result result = launch(program(), Map.of(), "keys", "generate");
    assertThat(result.code).isZero();
    assertThat(result.out.strip()).hasSize(44);
    assertThat(folder.resolve("cwd/id_ed25519")).exists();
  }

  @Test
  void runsThroughSymbolicLinks() throws Exception {
    Path first = Files.createSymbolicLink(home.resolve("first"), Path.of("bin/rallypoint"));
    Path second = Files.createSymbolicLink(home.resolve("second"), first);
    assertThat(first).isSymbolicLink();
    assertThat(launch(second, Map.of(), "--version").out).startsWith("rallypoint ");
  }

  @Test
  void handsOnVariablesWithADashInTheirNames() throws Exception {
    Result result =
        launch(program(), Map.of("RELAY-SERVERS", "not a host"), "serve", "--port", "31116");
    assertThat(result.code).isEqualTo(2);
    assertThat(result.err).contains("relay-servers = not a host").hasLineCount(1);
  }

  @Test
  void passesTheExitCodeAndOneLineOn() throws Exception {
    Result result = launch(program(), Map.of(), "serve", "--port", "99999");
    assertThat(result.code).isEqualTo(2);
    assertThat(result.out).isEmpty();
    assertThat(result.err).startsWith("rallypoint: port = 99999").hasLineCount(1);
  }

  @Test
  void keepsAnEmptyArgumentAndWordsWithBlanks() throws Exception {
    Path java = fakeJava("fake", "25.0.1");
    Result result =
        launch(program(), Map.of("JAVA_HOME", java.toString()), "serve", "-k", "", "--data", "a b");
    assertThat(result.out.strip()).endsWith("dev.rallypoint.app.cli.Main serve -k  --data a b");
  }

  @Test
  void handsJavaOptsOverAsWords() throws Exception {
    Path java = fakeJava("fake", "26");
    Result result =
        launch(
            program(),
            Map.of("JAVA_HOME", java.toString(), "JAVA_OPTS", "-Xmx64m -Dx=y"),
            "--version");
    assertThat(result.out).contains(" -XX:+ExitOnOutOfMemoryError ", " -Xmx64m -Dx=y -cp ");
  }

  @Test
  void passesOverAJavaHomeThatIsTooOld() throws Exception {
    Path old = fakeJava("old", "17.0.2");
    Path young = fakeJava("young", "25");
    String path = young.resolve("bin") + ":" + System.getenv("PATH");
    Result result =
        launch(program(), Map.of("JAVA_HOME", old.toString(), "PATH", path), "--version");
    assertThat(result.out).startsWith("young ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "de_DE.UTF-8", ""})
  void takesFoldersWithAnyLettersInEveryLocale(String locale) throws Exception {
    Result result =
        launch(
            program(),
            Map.of("LC_ALL", locale, "LANG", "C"),
            "keys",
            "generate",
            "--data",
            "D\u00e4ten/\u03b1");
    assertThat(result.err).isEmpty();
    assertThat(folder.resolve("cwd/D\u00e4ten/\u03b1/id_ed25519")).exists();
  }

  @Test
  void putsTheJarsInAFixedOrder() throws Exception {
    Path java = fakeJava("fake", "25");
    Path other = folder.resolve("other");
    Files.createDirectories(other.resolve("lib"));
    Files.createDirectories(other.resolve("bin"));
    Path copy = Files.copy(SCRIPT, other.resolve("bin/rallypoint"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    for (String jar : List.of("b.jar", "B.jar", "a-1.jar", "a.jar")) {
      Files.writeString(other.resolve("lib").resolve(jar), "");
    }
    String lib = other.toRealPath().resolve("lib").toString();
    Result result = launch(copy, Map.of("JAVA_HOME", java.toString()), "--version");
    assertThat(result.out)
        .contains("-cp %1$s/B.jar:%1$s/a-1.jar:%1$s/a.jar:%1$s/b.jar ".formatted(lib));
  }

  @Test
  void handsJavaTheCacheBesideTheJars() throws Exception {
    Path java = fakeJava("fake", "25");
    Path copy = Files.createDirectories(folder.resolve("cached/bin")).resolve("rallypoint");
    Files.copy(SCRIPT, copy);
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    Path cache = Files.createDirectories(folder.resolve("cached/lib")).resolve("rallypoint.aot");
    Files.writeString(cache, "");
    Result result = launch(copy, Map.of("JAVA_HOME", java.toString()), "--version");
    assertThat(result.out).contains(" -XX:AOTCache=" + cache.toRealPath() + " -Xlog:aot=off ");
  }

  @Test
  void startsWithoutAWordWhereTheCacheIsNotThatOfItsJava() throws Exception {
    Path cache = home.resolve("lib/rallypoint.aot");
    Files.writeString(cache, "of another Java");
    try {
      Result result = launch(program(), Map.of(), "--version");
      assertThat(result.out).startsWith("rallypoint ");
      assertThat(result.err).isEmpty();
    } finally {
      Files.delete(cache);
    }
  }

  @Test
  void saysInOneLineThatThereIsNoJava() throws Exception {
    // The usual places are those of the machine, so the script is given others.
    Path other = Files.createDirectories(folder.resolve("bare/bin")).resolve("rallypoint");
    String script =
        Files.readString(SCRIPT).replaceAll("(?m)^    /(?=.*/bin/java)", "    /nowhere/");
    Files.writeString(other, script);
    assertThat(other.toFile().setExecutable(true)).isTrue();
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("dirname", "readlink", "sed", "head")) {
      Path wrapper = tools.resolve(tool);
      Files.writeString(wrapper, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
      assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }
    Result result =
        launch(
            other,
            Map.of("JAVA_HOME", "/nowhere", "PATH", tools.toString(), "HOME", "/nowhere"),
            "serve");
    assertThat(result.code).isEqualTo(2);
    assertThat(result.err).startsWith("rallypoint: needs Java 25").hasLineCount(1);
  }
}
