package io.brokkr.storage.s3;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The values of the engine's settings.
 *
 * @param endpoint where the store is; empty for AWS
 * @param keyPrefix what all keys begin with; empty, or with a slash at its end
 * @param accessKey empty to look where the AWS SDK looks
 */
record S3Settings(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String keyPrefix,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        boolean conditionalWrites,
        int connections,
        Duration requestTimeout,
        Duration uploadDelay,
        int uploadBytes,
        int objectBytes,
        long bufferBytes,
        long cacheBytes) {

    static final Setting<Optional<URI>> ENDPOINT = new Setting<>(
            "s3.endpoint",
            Setting.Type.STRING,
            null,
            "The address of the object store, such as https://minio.example.com:9000. None for AWS, where the region says it.",
            S3Settings::parseEndpoint);

    static final Setting<String> REGION = Setting.text(
            "s3.region",
            "us-east-1",
            "The region of the bucket. Stores other than AWS mostly take any, but sign with it.");

    static final Setting<String> BUCKET = Setting.text(
            "s3.bucket",
            null,
            "The bucket that topics with storage.engine=s3 are kept in. It must exist; the engine s3 is left out without it.");

    static final Setting<String> KEY_PREFIX = new Setting<>(
            "s3.key.prefix",
            Setting.Type.STRING,
            "brokkr",
            "The folder in the bucket, so that others can use the bucket too. Two clusters must not share one. Empty for none.",
            S3Settings::parsePrefix);

    static final Setting<Boolean> PATH_STYLE = Setting.flag(
            "s3.path.style",
            false,
            "Whether the bucket stands in the path of the address and not in the host's name. Most stores other than AWS want true.");

    static final Setting<String> ACCESS_KEY = Setting.text(
            "s3.access.key",
            null,
            "The access key. Without it, credentials are taken from where the AWS SDK looks: environment, profile, the role of the machine.");

    static final Setting<String> SECRET_KEY =
            Setting.password("s3.secret.key", "The secret that belongs to s3.access.key; shown to nobody.");

    static final Setting<Boolean> CONDITIONAL_WRITES = Setting.flag(
            "s3.conditional.writes",
            true,
            "Whether the store honours If-Match and If-None-Match when an object is put. With false, two brokers must never open the same log at the same moment.");

    static final Setting<Integer> CONNECTIONS = Setting.integer(
            "s3.connections",
            16,
            1,
            1024,
            "How many requests that write are under way at once, and how many that read. More serve more partitions at once where the store is far away.");

    static final Setting<Duration> REQUEST_TIMEOUT = Setting.millis(
            "s3.request.timeout.ms",
            Duration.ofSeconds(30),
            "How many milliseconds a request may take before it counts as failed. It is tried three times in all.");

    static final Setting<Duration> UPLOAD_DELAY = Setting.millis(
            "s3.upload.max.delay.ms",
            Duration.ofMillis(500),
            "After how many milliseconds a batch is put into the store although nobody waits for it: what a crash can take of a topic whose durability is"
                    + " «written». A longer time makes fewer and larger objects.");

    static final Setting<Integer> UPLOAD_BYTES = Setting.integer(
            "s3.upload.max.bytes",
            8 << 20,
            1,
            1 << 29,
            "How many bytes of a log go into one object at most when it is put, and at how many one is put although nobody waits for it.");

    static final Setting<Integer> OBJECT_BYTES = Setting.integer(
            "s3.object.bytes",
            16 << 20,
            0,
            1 << 29,
            "Up to which size in bytes small objects of a log are merged into larger ones, in the background, one merge at a time. Retention deletes whole objects. 0 merges nothing.");

    static final Setting<Long> BUFFER_BYTES = Setting.number(
            "s3.buffer.bytes",
            64L << 20,
            0,
            Long.MAX_VALUE,
            "How many bytes of all logs may wait in memory for the store. Beyond that an append is answered only when the store has it.");

    static final Setting<Long> CACHE_BYTES = Setting.number(
            "s3.cache.bytes",
            64L << 20,
            0,
            Long.MAX_VALUE,
            "How many bytes of objects are kept in memory for consumers: what was put or read last.");

    static final List<Setting<?>> ALL = List.of(
            ENDPOINT,
            REGION,
            BUCKET,
            KEY_PREFIX,
            PATH_STYLE,
            ACCESS_KEY,
            SECRET_KEY,
            CONDITIONAL_WRITES,
            CONNECTIONS,
            REQUEST_TIMEOUT,
            UPLOAD_DELAY,
            UPLOAD_BYTES,
            OBJECT_BYTES,
            BUFFER_BYTES,
            CACHE_BYTES);

    static S3Settings of(BrokerConfiguration configuration) {
        return new S3Settings(
                configuration.get(ENDPOINT),
                configuration.get(REGION),
                configuration.get(BUCKET),
                configuration.get(KEY_PREFIX),
                configuration.get(PATH_STYLE),
                configuration.get(ACCESS_KEY),
                configuration.get(SECRET_KEY),
                configuration.get(CONDITIONAL_WRITES),
                configuration.get(CONNECTIONS),
                configuration.get(REQUEST_TIMEOUT),
                configuration.get(UPLOAD_DELAY),
                configuration.get(UPLOAD_BYTES),
                configuration.get(OBJECT_BYTES),
                configuration.get(BUFFER_BYTES),
                configuration.get(CACHE_BYTES));
    }

    private static Optional<URI> parseEndpoint(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI address = new URI(text);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return Optional.of(address);
            }
        } catch (URISyntaxException malformed) {
            // Told below, as is all else that is no such address.
        }
        throw new IllegalArgumentException("an address such as https://minio.example.com:9000");
    }

    private static String parsePrefix(String text) {
        String within = text.replaceAll("^/+|/+$", "");
        return within.isEmpty() ? "" : within + "/";
    }

    /** For messages: the store, as the operator knows it. */
    String place() {
        return endpoint.map(URI::toString).orElse("AWS S3 in " + region);
    }
}
