package io.brokkr.storage.s3;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bucket. Every method waits for the store, and fails with a {@link io.brokkr.spi.storage.StorageException} that tells the operator what to do. Thread-safe.
 *
 * <p>A request is tried three times: to put the same bytes under the same key again is harmless, since an object is there as a whole or not at all.
 */
final class ObjectStore implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final S3Client client;
    private final S3Settings settings;
    private final FailedRequest failedRequest;
    private final Clock clock;
    private final Metrics metrics;

    /**
     * An object in memory.
     *
     * @param etag what the store calls this version of it
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, or keeps them for long.
    record Content(byte[] bytes, String etag) {}

    /** An object of a listing. */
    record Listed(String key, long sizeInBytes) {}

    ObjectStore(S3Settings settings, Clock clock, Metrics metrics) {
        this.settings = settings;
        this.failedRequest = new FailedRequest(settings);
        this.clock = clock;
        this.metrics = metrics;
        this.client = connect(settings);
    }

    private static S3Client connect(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(settings.requestTimeout()))
                .overrideConfiguration(override ->
                        override.retryStrategy(RetryMode.STANDARD).apiCallAttemptTimeout(settings.requestTimeout()))
                // What not every store knows is left out: batches have checksums of their own.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyle())
                        .chunkedEncodingEnabled(false)
                        // A small object is sent with its request, and not after the store has said that it may.
                        .expectContinueEnabled(false)
                        .build());
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.accessKey().isEmpty()
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey()));
    }

    /** For messages: where a log's objects are. */
    String place(String key) {
        return "s3://" + settings.bucket() + "/" + key + " of " + settings.place();
    }

    boolean hasConditionalWrites() {
        return settings.conditionalWrites();
    }

    private <T> T timed(String operation, Supplier<T> request) {
        long begin = clock.nanos();
        try {
            return request.get();
        } finally {
            metrics.timings(
                            "brokkr_s3_request_seconds",
                            "How long requests to the object store took, with what was tried again.",
                            Map.of("operation", operation))
                    .record(clock.nanos() - begin);
        }
    }

    private void count(String direction, long bytes) {
        metrics.counter(
                        "brokkr_s3_bytes_total",
                        "Bytes of objects that went to the object store and came from it.",
                        Map.of("direction", direction))
                .add(bytes);
    }

    private static boolean isMissing(SdkException failure) {
        return failure instanceof S3Exception answer
                && answer.statusCode() == HttpURLConnection.HTTP_NOT_FOUND
                && (answer.awsErrorDetails() == null
                        || !"NoSuchBucket".equals(answer.awsErrorDetails().errorCode()));
    }

    /** Looks whether the bucket can be used at all: it is there, and may be listed. */
    void requireBucket() {
        try {
            timed(
                    "list",
                    () -> client.listObjectsV2(request -> request.bucket(settings.bucket())
                            .prefix(LogKeys.allLogs(settings.keyPrefix()))
                            .maxKeys(1)));
        } catch (SdkException failure) {
            throw failedRequest.tell("list objects", failure);
        }
    }

    /** Puts an object, in the place of one that may be there. */
    void put(String key, byte[] bytes) {
        try {
            putObject(bytes, request -> request.key(key));
        } catch (SdkException failure) {
            throw failedRequest.tell("put " + key, failure);
        }
    }

    /**
     * Puts an object in the place of the one that the caller knows, if that is still there.
     *
     * @param etag of the one that the caller knows; null if he knows of none
     * @return the new one's; empty if there is another object now, or, after a request that was sent again, if this one is there already
     */
    Optional<String> replace(String key, byte[] bytes, @Nullable String etag) {
        try {
            return Optional.of(putObject(bytes, request -> {
                request.key(key);
                if (settings.conditionalWrites()) {
                    request.ifMatch(etag).ifNoneMatch(etag == null ? "*" : null);
                }
            }));
        } catch (SdkException failure) {
            if (isLost(failure) || isMissing(failure)) {
                return Optional.empty();
            }
            throw failedRequest.tell("put " + key, failure);
        }
    }

    private static boolean isLost(SdkException failure) {
        return failure instanceof S3Exception answer
                && (answer.statusCode() == HttpURLConnection.HTTP_PRECON_FAILED
                        || answer.statusCode() == HttpURLConnection.HTTP_CONFLICT);
    }

    private String putObject(byte[] bytes, Consumer<PutObjectRequest.Builder> details) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(settings.bucket()).contentType("application/octet-stream");
        details.accept(request);
        RequestBody body = RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes), bytes.length, "application/octet-stream");
        String etag =
                timed("put", () -> client.putObject(request.build(), body)).eTag();
        count("out", bytes.length);
        return etag;
    }

    /** A whole object; empty where there is none. */
    Optional<Content> get(String key) {
        try {
            ResponseBytes<GetObjectResponse> got = timed(
                    "get",
                    () -> client.getObject(
                            request -> request.bucket(settings.bucket()).key(key), ResponseTransformer.toBytes()));
            count("in", got.asByteArrayUnsafe().length);
            return Optional.of(
                    new Content(got.asByteArrayUnsafe(), got.response().eTag()));
        } catch (SdkException failure) {
            if (isMissing(failure)) {
                return Optional.empty();
            }
            throw failedRequest.tell("get " + key, failure);
        }
    }

    /**
     * A part of an object.
     *
     * @param length 1 or more
     * @throws MissingObjectException if there is no such object
     */
    byte[] get(String key, int from, int length) {
        String range = "bytes=" + from + "-" + (from + (long) length - 1);
        try {
            byte[] bytes = timed(
                            "get",
                            () -> client.getObject(
                                    request -> request.bucket(settings.bucket())
                                            .key(key)
                                            .range(range),
                                    ResponseTransformer.toBytes()))
                    .asByteArrayUnsafe();
            count("in", bytes.length);
            return bytes;
        } catch (SdkException failure) {
            if (isMissing(failure)) {
                throw new MissingObjectException("there is no object " + place(key), failure);
            }
            throw failedRequest.tell("get " + key, failure);
        }
    }

    /** What the store calls the present version of an object; empty where there is none. */
    Optional<String> etag(String key) {
        try {
            return Optional.of(timed(
                            "head",
                            () -> client.headObject(
                                    request -> request.bucket(settings.bucket()).key(key)))
                    .eTag());
        } catch (SdkException failure) {
            if (isMissing(failure)) {
                return Optional.empty();
            }
            throw failedRequest.tell("look for " + key, failure);
        }
    }

    /** All objects whose keys begin with something, a thousand with each request. */
    void list(String prefix, Consumer<Listed> consumer) {
        String token = null;
        try {
            do {
                String next = token;
                var page = timed(
                        "list",
                        () -> client.listObjectsV2(request ->
                                request.bucket(settings.bucket()).prefix(prefix).continuationToken(next)));
                page.contents().forEach(object -> consumer.accept(new Listed(object.key(), object.size())));
                token = page.nextContinuationToken();
            } while (token != null);
        } catch (SdkException failure) {
            throw failedRequest.tell("list " + prefix, failure);
        }
    }

    /** Deletes an object, if it is there. */
    void delete(String key) {
        try {
            timed(
                    "delete",
                    () -> client.deleteObject(
                            request -> request.bucket(settings.bucket()).key(key)));
        } catch (SdkException failure) {
            if (!isMissing(failure)) {
                throw failedRequest.tell("delete " + key, failure);
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
