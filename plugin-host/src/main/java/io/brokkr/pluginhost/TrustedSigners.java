package io.brokkr.pluginhost;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The certificates whose signatures count, and those that chain to them. Immutable. */
final class TrustedSigners {

    private static final Set<String> USES = Set.of("1.3.6.1.5.5.7.3.3" /* to sign code */, "2.5.29.37.0" /* any */);

    private final Path keyStore;
    private final Set<X509Certificate> trusted;

    private TrustedSigners(Path keyStore, Set<X509Certificate> trusted) {
        this.keyStore = keyStore;
        this.trusted = trusted;
    }

    /**
     * Reads the certificates of a key store.
     *
     * @throws ApiException {@code INVALID_CONFIG}, if it cannot be read or has none
     */
    static TrustedSigners read(Path keyStore, String password) {
        Set<X509Certificate> trusted = new HashSet<>();
        try (InputStream stream = Files.newInputStream(keyStore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(stream, password.isEmpty() ? null : password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    trusted.add(certificate);
                }
            }
        } catch (IOException | GeneralSecurityException unreadable) {
            throw problem(keyStore, "it cannot be read as a PKCS12 key store: " + unreadable.getMessage());
        }
        if (trusted.isEmpty()) {
            throw problem(
                    keyStore,
                    "no certificates can be read in it; give " + PluginSettings.TRUSTED_KEYSTORE_PASSWORD
                            + ", and put certificates in with keytool -importcert");
        }
        return new TrustedSigners(keyStore, trusted);
    }

    private static ApiException problem(Path keyStore, String what) {
        return new ApiException(
                ErrorCode.INVALID_CONFIG, PluginSettings.TRUSTED_KEYSTORE + "=" + keyStore + ": " + what);
    }

    /** What the signatures of a jar are asked to come from, for messages. */
    Path keyStore() {
        return keyStore;
    }

    /** Why a signature does not count, in words behind the name of a jar; null if it does. */
    @Nullable
    String faultOf(CodeSigner signer) {
        List<X509Certificate> path = signer.getSignerCertPath().getCertificates().stream()
                .map(X509Certificate.class::cast)
                .toList();
        String by = "is signed by " + path.get(0).getSubjectX500Principal().getName() + ", ";
        try {
            String fault = faultOf(path);
            return fault == null ? null : by + fault;
        } catch (CertificateExpiredException expired) {
            return by + "with a certificate that has expired (" + expired.getMessage()
                    + "); have it signed anew with one that is valid";
        } catch (CertificateNotYetValidException early) {
            return by + "with a certificate that is not valid yet (" + early.getMessage()
                    + "); set the clock right, or have it signed with one that is valid";
        } catch (GeneralSecurityException broken) {
            return by + "whose certificates do not hold: " + broken.getMessage()
                    + "; have it signed anew with a chain that leads to " + keyStore;
        }
    }

    private @Nullable String faultOf(List<X509Certificate> path) throws GeneralSecurityException {
        X509Certificate signer = path.get(0);
        if (trusted.contains(signer)) {
            signer.checkValidity();
            return null;
        }
        try {
            validate(path);
        } catch (CertPathValidatorException invalid) {
            if (invalid.getReason() == PKIXReason.NO_TRUST_ANCHOR) {
                return "whom " + keyStore
                        + " does not know; if it is to be trusted, add that certificate with keytool -importcert";
            }
            throw invalid.getCause() instanceof CertificateException outOfTime ? outOfTime : invalid;
        }
        List<String> uses = signer.getExtendedKeyUsage();
        return uses == null || !Collections.disjoint(uses, USES)
                ? null
                : "whose certificate is not one for code; have it signed with one whose extended key usage is codeSigning";
    }

    /** Up to the first certificate that is trusted, if the jar brings it along, else as a whole. */
    private void validate(List<X509Certificate> path) throws GeneralSecurityException {
        int known = 0;
        while (known < path.size() && !trusted.contains(path.get(known))) {
            known++;
        }
        Collection<X509Certificate> anchors = known < path.size() ? List.of(path.get(known)) : trusted;
        PKIXParameters parameters = new PKIXParameters(
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet()));
        // No network is asked whether a certificate was withdrawn: that is told by taking it out of the key store.
        parameters.setRevocationEnabled(false);
        PKIXCertPathValidatorResult valid = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path.subList(0, known)), parameters);
        // The validator does not ask this of what it is told to trust.
        valid.getTrustAnchor().getTrustedCert().checkValidity();
    }
}
