package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthPlotsTest {

    @Test
    void whatWasMeasuredAtSeveralNumbersIsDrawn(@TempDir Path folder) throws IOException {
        Figures figures = new Figures(Contender.KAFKA, Contender.BROKKR);
        figures.add("100 partitions: created, s", Contender.KAFKA, 0.5);
        figures.add("10,000 partitions: created, s", Contender.KAFKA, 20);
        figures.add("100 partitions: created, s", Contender.BROKKR, 0.1);
        figures.add("10,000 partitions: created, s", Contender.BROKKR, 0);
        figures.add("1,000 partitions: MB/s", Contender.BROKKR, 100);
        figures.add("peak resident memory, MB", Contender.BROKKR, 100);
        new GrowthPlots(folder.resolve("plots")).draw(figures);
        try (Stream<Path> files = Files.list(folder.resolve("plots"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("partitions-created-s.png");
        }
        BufferedImage picture =
                ImageIO.read(folder.resolve("plots/partitions-created-s.png").toFile());
        Set<Integer> colors = new HashSet<>();
        for (int x = 0; x < picture.getWidth(); x++) {
            for (int y = 0; y < picture.getHeight(); y++) {
                colors.add(picture.getRGB(x, y) & 0xFFFFFF);
            }
        }
        assertThat(colors).as("a line of each broker").contains(0xC0392B, 0x2C3E50);
    }
}
