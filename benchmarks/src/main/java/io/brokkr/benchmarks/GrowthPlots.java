package io.brokkr.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Draws how a measure grows with a number, from rows such as {@code 10,000 partitions: created, s}: a picture for each measure that was taken at several numbers,
 * with both axes logarithmic, so that a cost that does not grow is level and one that grows with the number rises at 45 degrees.
 *
 * @param folder where the pictures go; made if it is not there
 */
record GrowthPlots(Path folder) {
    private static final Pattern ROW = Pattern.compile("([0-9,]+) ([a-z]+): (.+)");
    private static final int WIDTH = 560;
    private static final int HEIGHT = 360;

    /** In what, and what. */
    private record Measure(String unit, String what) {
        String fileName() {
            return (unit + "-" + what).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".png";
        }
    }

    /** Draws what grows among these figures, each broker's medians. */
    void draw(Figures figures) throws IOException {
        Map<Measure, XYSeriesCollection> plots = new LinkedHashMap<>();
        for (String row : figures.measures()) {
            Matcher parts = ROW.matcher(row);
            if (parts.matches()) {
                int number = Integer.parseInt(parts.group(1).replace(",", ""));
                XYSeriesCollection plot = plots.computeIfAbsent(
                        new Measure(parts.group(2), parts.group(3)), measure -> new XYSeriesCollection());
                for (String broker : List.of(Contender.KAFKA, Contender.BROKKR)) {
                    // A logarithm has no place for a zero.
                    figures.median(row, broker).stream()
                            .filter(median -> median > 0)
                            .forEach(median -> series(plot, broker).add(number, median));
                }
            }
        }
        Files.createDirectories(folder);
        for (Map.Entry<Measure, XYSeriesCollection> plot : plots.entrySet()) {
            if (grows(plot.getValue())) {
                draw(plot.getKey(), plot.getValue());
            }
        }
    }

    private static XYSeries series(XYSeriesCollection plot, String broker) {
        int index = plot.getSeriesIndex(broker);
        if (index >= 0) {
            return plot.getSeries(index);
        }
        XYSeries series = new XYSeries(broker);
        plot.addSeries(series);
        return series;
    }

    private static boolean grows(XYSeriesCollection plot) {
        Range numbers = plot.getDomainBounds(false);
        return numbers != null && numbers.getLength() > 0;
    }

    private void draw(Measure measure, XYSeriesCollection series) throws IOException {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        for (int index = 0; index < series.getSeriesCount(); index++) {
            boolean own = series.getSeriesKey(index).equals(Contender.BROKKR);
            renderer.setSeriesPaint(index, own ? new Color(0xC0392B) : new Color(0x2C3E50));
        }
        XYPlot plot = new XYPlot(series, logarithmic(measure.unit()), logarithmic(measure.what()), renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        JFreeChart chart = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        ChartUtils.saveChartAsPNG(folder.resolve(measure.fileName()).toFile(), chart, WIDTH, HEIGHT);
    }

    private static LogAxis logarithmic(String label) {
        LogAxis axis = new LogAxis(label);
        axis.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
        // Else a power of ten is the label, with a fraction in it where the axis is short.
        axis.setNumberFormatOverride(new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        return axis;
    }
}
