package dev.rallypoint.loadtest.gatling.merge;

/**
 * A string as Gatling writes it: the bytes of Java's own representation and its kind.
 *
 * @param bytes each byte as a character
 * @param coder 0 for Latin-1, 1 for UTF-16 in the byte order of the machine
 */
record LogText(String bytes, byte coder) {
  static final LogText EMPTY = new LogText("", (byte) 0);

  /** What can be shown of it: Latin-1 as it is. */
  String shown() {
    return coder == 0 ? bytes : bytes.replace("\0", "");
  }
}
