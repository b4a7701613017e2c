package io.brokkr.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server that speaks S3, in this process, with one bucket in memory that outlives its stop. */
final class S3Server implements AutoCloseable {

    static final String BUCKET = "brokkr-test";
    static final String ACCESS_KEY = "tester";
    static final String SECRET_KEY = "a-secret";

    private static @Nullable S3Server shared;

    private final BlobStore objects = new TransientNio2BlobStore();
    private final int port;
    private final S3Client client;
    private S3Proxy proxy;

    private S3Server() {
        proxy = start(0);
        port = proxy.getPort();
        client = S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
    }

    /** One of the caller's own, which he closes. */
    static S3Server start() {
        return new S3Server();
    }

    private S3Proxy start(int onPort) {
        S3Proxy started = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:" + onPort))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        try {
            started.start();
        } catch (Exception failure) {
            throw new IllegalStateException("the server did not start", failure);
        }
        return started;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** From now on connections are refused. */
    void stop() {
        try {
            proxy.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the server did not stop", failure);
        }
    }

    /** Comes back where it was, with what it had. */
    void startAgain() {
        proxy = start(port);
    }

    /** The keys below a folder, in their order. */
    List<String> keys(String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    void delete(String key) {
        client.deleteObject(request -> request.bucket(BUCKET).key(key));
    }

    @Override
    public void close() {
        client.close();
        stop();
    }

    /**
     * The address of a server that all tests of this process share. A process that a test has started finds it by the number of the process that has started it.
     */
    static synchronized String sharedEndpoint() {
        try {
            Path parents = addressFile(ProcessHandle.current().parent().orElseThrow());
            if (shared == null && Files.exists(parents)) {
                return Files.readString(parents);
            }
            if (shared == null) {
                shared = start();
                Path ours = addressFile(ProcessHandle.current());
                Files.writeString(ours, shared.endpoint());
                ours.toFile().deleteOnExit();
            }
            return shared.endpoint();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path addressFile(ProcessHandle process) {
        return Path.of(System.getProperty("java.io.tmpdir"), "brokkr-s3-server-" + process.pid());
    }
}
