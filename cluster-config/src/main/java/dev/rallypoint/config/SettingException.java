package dev.rallypoint.config;

/**
 * A setting, or a file a setting names, that a node cannot start with. Its message is the one line
 * the operator sees: the setting, its value and the mend. The launcher then exits with code 2.
 */
public final class SettingException extends RuntimeException {

  /**
   * @param setting the setting's or file's name as the operator knows it
   * @param value what was given; never a secret
   * @param mend what to write instead
   */
  public SettingException(String setting, Object value, String mend) {
    super(setting + " = " + value + ": " + mend);
  }
}
