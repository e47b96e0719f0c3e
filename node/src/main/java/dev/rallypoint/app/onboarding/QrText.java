package dev.rallypoint.app.onboarding;

import io.nayuki.qrcodegen.QrCode;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/** A QR code for a terminal, two rows of squares in one line. */
public final class QrText {
  /** The white edge that a camera needs, in squares. */
  private static final int EDGE = 4;

  private QrText() {}

  /**
   * The lines of a code.
   *
   * @param text what it says
   * @param isColoured whether the terminal takes colours: then it is black on white on any
   *     background; else it is right on a dark background
   */
  public static List<String> lines(String text, boolean isColoured) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
    int size = code.size + 2 * EDGE;
    return IntStream.iterate(0, y -> y < size, y -> y + 2)
        .mapToObj(y -> {
          StringBuilder line = new StringBuilder();
          for (int x = 0; x < size; x++) {
            boolean isUpper = isInk(code, x, y, isColoured);
            boolean isLower = isInk(code, x, y + 1, isColoured);
            line.append(isUpper ? isLower ? '█' : '▀' : isLower ? '▄' : ' ');
          }
          return isColoured ? Ansi.ON.string("@|fg(16),bg(231) " + line + "|@") : line.toString();
        })
        .toList();
  }

  /** The colour of letters is black where colours are, and else the light one of a terminal. */
  private static boolean isInk(QrCode code, int x, int y, boolean isColoured) {
    return code.getModule(x - EDGE, y - EDGE) == isColoured;
  }
}
