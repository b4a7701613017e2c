package io.brokkr.core.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Serves {@code GET /metrics} over HTTP, with one thread of its own, so that a reader who stalls holds up nobody else. */
public final class MetricsPage implements AutoCloseable {

    private final HttpServer server;
    private final ThreadPoolExecutor thread;

    private MetricsPage(HttpServer server, ThreadPoolExecutor thread) {
        this.server = server;
        this.thread = thread;
    }

    /**
     * Binds the port and begins to serve.
     *
     * @throws IOException if the port cannot be bound
     */
    public static MetricsPage open(InetSocketAddress address, MetricsRegistry metrics) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread worker = new Thread(work, "brokkr-metrics");
                    worker.setDaemon(true);
                    return worker;
                });
        thread.allowCoreThreadTimeOut(true);
        server.setExecutor(thread);
        server.createContext("/metrics", exchange -> answer(exchange, metrics));
        server.start();
        return new MetricsPage(server, thread);
    }

    /** Where it is served. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }

    private static void answer(HttpExchange exchange, MetricsRegistry metrics) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().add("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] text = metrics.toText().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }
}
