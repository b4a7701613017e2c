package io.brokkr.storage.s3;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.net.HttpURLConnection;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failure of the store means for the operator: one line, with the store, the bucket, and what to do. */
final class FailedRequest {

    private final S3Settings settings;

    FailedRequest(S3Settings settings) {
        this.settings = settings;
    }

    /** For a request that has failed for good. */
    StorageException tell(String what, SdkException failure) {
        String line = "cannot " + what + " in the bucket " + settings.bucket() + " of " + settings.place() + ": "
                + reason(failure);
        return new StorageException(line.replaceAll("\\s+", " "), failure);
    }

    private String reason(SdkException failure) {
        if (failure instanceof S3Exception answer) {
            return answered(answer);
        }
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return "there was no answer within " + settings.requestTimeout().toMillis()
                    + " ms (s3.request.timeout.ms); check the network and the store";
        }
        Throwable cause = rootCause(failure);
        if (cause instanceof IOException) {
            return "it cannot be reached (" + cause + "); check s3.endpoint, s3.region and the network";
        }
        return failure.getMessage()
                + "; check s3.access.key and s3.secret.key, or the environment that they are taken from";
    }

    private static String answered(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : " " + details.errorCode();
        String message = details == null || details.errorMessage() == null ? "" : ", " + details.errorMessage();
        String said = answer.statusCode() + code + message;
        return switch (answer.statusCode()) {
            case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
                "it is refused (" + said + "); check s3.access.key, s3.secret.key, and what they allow";
            case HttpURLConnection.HTTP_NOT_FOUND ->
                "it is not there (" + said + "); make the bucket, or correct s3.bucket";
            case HttpURLConnection.HTTP_MOVED_PERM -> "it is in another region (" + said + "); correct s3.region";
            default -> "the store answers " + said;
        };
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
