package dev.rallypoint.loadtest.benchmark.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.w3c.dom.Document;

/** A chart of bars: for each row the figure of each server, and the goal. */
final class BarChart {
  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final String GOAL = "goal";
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color OURS_COLOR = new Color(0x1f6fb4);
  private static final Color GOAL_COLOR = new Color(0xb8b8b8);
  private static final List<Color> OTHERS =
      List.of(new Color(0xd9822b), new Color(0x8a6bb8), new Color(0x5a9e5a));

  private BarChart() {}

  /** The chart as an SVG document; the same for the same figures, JDK and fonts. */
  static String svg(String title, List<Row> rows, Machine machine) throws IOException {
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title + ", " + rows.getFirst().unit())
            .xAxisTitle(machine.toString())
            .build();
    style(chart);
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.add(row.name()));
    List<Color> colors = new ArrayList<>();
    series(rows)
        .forEach((server, values) -> {
          List<@Nullable Double> bars = new ArrayList<>();
          names.forEach(name -> bars.add(values.get(name)));
          chart.addSeries(server, new ArrayList<>(names), bars);
          colors.add(color(server, colors.size()));
        });
    chart.getStyler().setSeriesColors(colors.toArray(Color[]::new));
    return painted(chart);
  }

  /** The values of each server by row, then the goals. */
  private static Map<String, Map<String, Double>> series(List<Row> rows) {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    Map<String, Double> goals = new LinkedHashMap<>();
    for (Row row : rows) {
      series
          .computeIfAbsent(row.server(), any -> new LinkedHashMap<>())
          .put(row.name(), row.value());
      row.goal().ifPresent(goal -> goals.put(row.name(), goal.value()));
    }
    if (!goals.isEmpty()) {
      series.put(GOAL, goals);
    }
    return series;
  }

  private static Color color(String server, int place) {
    return switch (server) {
      case Row.OURS -> OURS_COLOR;
      case GOAL -> GOAL_COLOR;
      default -> OTHERS.get(place % OTHERS.size());
    };
  }

  private static void style(CategoryChart chart) {
    CategoryStyler styler = chart.getStyler();
    styler.setAvailableSpaceFill(0.8);
    styler.setLabelsVisible(true);
    styler.setLabelsFont(TEXT);
    styler.setChartTitleFont(TEXT.deriveFont(Font.BOLD, 14f));
    styler.setLegendFont(TEXT);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesStroke(new BasicStroke(0.5f)); // dashes would be most of the file
    styler.setYAxisMin(0.0);
  }

  private static String painted(CategoryChart chart) throws IOException {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
    context.setComment("Made by 'loadtest bench --svg'");
    context.setPrecision(2);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart.paint(graphics, WIDTH, HEIGHT);
    StringWriter text = new StringWriter();
    graphics.stream(text, true);
    return text.toString();
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK has no XML parser", e);
    }
  }
}
