package io.brokkr.plugin.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.brokkr.spi.MetricFamily;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code GET /metrics} over HTTP, with one thread of its own, so that a reader who stalls holds up nobody else. */
final class MetricsPage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int NO_BODY = -1;
    private static final long LONGEST_CLOSE_IN_SECONDS = 5;

    private final Supplier<List<MetricFamily>> metrics;
    private final HttpServer server;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                Thread worker = new Thread(work, "brokkr-metrics");
                worker.setDaemon(true);
                return worker;
            });

    private MetricsPage(HttpServer server, Supplier<List<MetricFamily>> metrics) {
        this.server = server;
        this.metrics = metrics;
    }

    /**
     * Binds the port and begins to serve.
     *
     * @throws IOException if the port cannot be bound
     */
    static MetricsPage open(InetSocketAddress address, Supplier<List<MetricFamily>> metrics) throws IOException {
        MetricsPage page = new MetricsPage(HttpServer.create(address, 0), metrics);
        page.thread.allowCoreThreadTimeOut(true);
        page.server.setExecutor(page.thread);
        page.server.createContext("/metrics", page::answer);
        page.server.start();
        LOG.info("metrics on port {}", page.address().getPort());
        return page;
    }

    /** Where it is served. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().add("Allow", "GET");
                exchange.sendResponseHeaders(NOT_ALLOWED, NO_BODY);
                return;
            }
            ByteArrayOutputStream text = new ByteArrayOutputStream(16_384);
            try {
                PrometheusText.write(metrics.get(), text);
            } catch (RuntimeException | LinkageError failure) {
                LOG.error("the metrics cannot be written", failure);
                exchange.sendResponseHeaders(FAILED, NO_BODY);
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", PrometheusText.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, text.size());
            text.writeTo(exchange.getResponseBody());
        }
    }

    /** Frees the port, and waits until nobody asks for the metrics any more. */
    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(LONGEST_CLOSE_IN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the thread that writes the metrics did not end and is left behind");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
