package dev.rallypoint.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A setting, or a file a setting names, that a node cannot start with. Its message is the one line
 * the operator sees: the setting, its value, where it was written and the advice. The launcher then
 * exits with code 2.
 */
public final class SettingException extends RuntimeException {
  private final String setting;
  private final String value;
  private final String advice;
  private final transient Optional<String> source;

  /**
   * @param setting the setting's or file's name as the operator knows it
   * @param value what was given; never a secret
   * @param advice what to write instead
   */
  public SettingException(String setting, Object value, String advice) {
    this(setting, value.toString(), advice, Optional.empty());
  }

  private SettingException(String setting, String value, String advice, Optional<String> source) {
    this.setting = setting;
    this.value = value;
    this.advice = advice;
    this.source = source;
  }

  /**
   * The one line about a file that could not be read.
   *
   * @param setting the setting that names the file, or the file's own name
   */
  public static SettingException unreadable(String setting, Path file, IOException why) {
    return new SettingException(
        setting,
        file,
        switch (why) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "let this user read it";
          case CharacterCodingException _ -> "is not a text file in UTF-8";
          default -> "cannot be read: " + why.getMessage();
        });
  }

  /** The setting's or file's name. */
  public String setting() {
    return setting;
  }

  /** The line for the operator: setting, value, where it was written, and what to write instead. */
  @Override
  public String getMessage() {
    return line(setting, value, advice, source);
  }

  /** Whether the message already says where the value was written. */
  boolean hasSource() {
    return source.isPresent();
  }

  /** The same fault, with where the value was written, such as {@code from .env:3}. */
  SettingException withSource(String where) {
    return new SettingException(setting, value, advice, Optional.of(where));
  }

  private static String line(String setting, String value, String advice, Optional<String> source) {
    String shown = value.lines().findFirst().orElse("");
    String where = source.map(s -> " (" + s + ")").orElse("");
    return setting + " = " + (shown.isEmpty() ? "\"\"" : shown) + where + ": " + advice;
  }
}
