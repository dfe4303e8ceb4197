package io.holdfast.node.cli.membership;

import io.holdfast.node.bootstrap.ClusterSeed;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.identity.UserToken;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Makes a new cluster's authority, its first node's identity and its first administrator.
///
/// @param clusterId 32 hexadecimal digits
/// @param authorityPem what everybody who calls the cluster must trust
/// @param adminToken shown once; the cluster keeps only its hash
public record NewCluster(String clusterId, String authorityPem, String adminToken) {
    public static final String ADMIN = "admin";
    private static final int CLUSTER_ID_BYTES = 16;

    /// Writes identity and seed into the node's data folder. The identity is written last: a founding that
    /// was cut off leaves a folder without one, and is simply done again.
    public static NewCluster create(NodeConfig config, String clusterName, SecureRandom random)
            throws CliException, IOException {
        IdentityDirectory directory = IdentityDirectory.open(config.dataDirectory().resolve("identity"));
        if (directory.exists()) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "the node already belongs to a cluster: data.dir=" + config.dataDirectory(),
                    "start it with 'holdfast node run', or choose another data.dir");
        }
        byte[] id = new byte[CLUSTER_ID_BYTES];
        random.nextBytes(id);
        String clusterId = HexFormat.of().formatHex(id);
        CertificateAuthority authority =
                CertificateAuthority.create(clusterId, InstantSource.system(), random);
        KeyPair pair = CertificateRequest.generateKeyPair(random);
        CertificateRequest request = CertificateRequest.parse(
                CertificateRequest.create(ClusterCertificate.Kind.NODE, config.name(), pair));
        X509Certificate certificate = authority.signNode(
                request, config.name(), hostsOf(config));
        UserToken token = UserToken.create(random);
        new ClusterSeed(
                        clusterId,
                        clusterName,
                        ADMIN,
                        token.id(),
                        token.secret().hash().hex(),
                        certificate.getSerialNumber().toString(16))
                .write(config.dataDirectory());
        List<X509Certificate> authorities = List.of(authority.certificate());
        directory.storeAuthority(authority);
        directory.store(new NodeIdentity(pair.getPrivate(), certificate, authorities));
        return new NewCluster(clusterId, Pem.ofCertificates(authorities), token.text());
    }

    /// Under which the node may be called: as the others call it, and from its own host.
    private static Set<String> hostsOf(NodeConfig config) {
        return new LinkedHashSet<>(List.of(config.network().advertisedHost(), "localhost", "127.0.0.1"));
    }

    /// Leaves the token out.
    @Override
    public String toString() {
        return "NewCluster[clusterId=" + clusterId + "]";
    }
}
