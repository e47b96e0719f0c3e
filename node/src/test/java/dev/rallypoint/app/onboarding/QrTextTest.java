package dev.rallypoint.app.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.qrcode.decoder.Decoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrTextTest {
  private static final int EDGE = 4;

  /** The dark squares without the edge, from the letters that a terminal shows. */
  private static boolean[][] squares(List<String> lines, boolean isInkDark) {
    int size = lines.getFirst().length() - 2 * EDGE;
    boolean[][] dark = new boolean[size][size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        char letter = lines.get((y + EDGE) / 2).charAt(x + EDGE);
        boolean isInk = letter == '█' || letter == ((y + EDGE) % 2 == 0 ? '▀' : '▄');
        dark[y][x] = isInk == isInkDark;
      }
    }
    return dark;
  }

  private static List<String> withoutColours(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\\u001b\\[[0-9;]*m", "")).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isReadByAScanner(boolean isColoured) throws Exception {
    String text = new ClientConfig("rd.example.org", "", "k".repeat(44)).qrText();
    List<String> lines = withoutColours(QrText.lines(text, isColoured));
    assertThat(new Decoder().decode(squares(lines, isColoured)).getText()).isEqualTo(text);
  }

  @Test
  void isBlackOnWhiteWhereTheTerminalHasColours() {
    assertThat(QrText.lines("a", true)).allMatch(line -> line.contains("\u001b["));
    assertThat(QrText.lines("a", false)).noneMatch(line -> line.contains("\u001b["));
  }
}
