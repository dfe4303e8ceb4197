package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Commands about the cluster itself.
public sealed interface ClusterCommand extends GridCommand {
    /// Makes the cluster; the founder is its first node. Answers with the node's number.
    record Found(
            String id, String name, String node, NodeDescription description, NodeCertificate certificate)
            implements ClusterCommand {
        public Found {
            Check.name("a cluster's id", id);
            Check.name("a cluster's name", name);
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return name;
        }
    }

    /// Makes a right to join.
    record CreateJoinToken(String token, Sha256 secretHash, long expiresMillis) implements ClusterCommand {
        public CreateJoinToken {
            Check.name("a token's id", token);
            Check.notNegative("a time", expiresMillis);
        }

        @Override
        public String target() {
            return token;
        }
    }

    /// Takes back a right to join that nobody used.
    record RevokeJoinToken(String token) implements ClusterCommand {
        public RevokeJoinToken {
            Check.name("a token's id", token);
        }

        @Override
        public String target() {
            return token;
        }
    }

    /// Admits a node and uses up its token, both or neither. Answers with the node's number.
    record AdmitNode(
            String node,
            NodeDescription description,
            NodeCertificate certificate,
            String token,
            Sha256 secretHash)
            implements ClusterCommand {
        public AdmitNode {
            Check.name("a node's name", node);
            Check.name("a token's id", token);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Replaces what a node says about itself.
    record DescribeNode(String node, NodeDescription description, ExpectedVersion expected)
            implements ClusterCommand {
        public DescribeNode {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Lets a node take part in everything again.
    record ResumeNode(String node, ExpectedVersion expected) implements ClusterCommand {
        public ResumeNode {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Moves what a node has away from it.
    record DrainNode(String node, ExpectedVersion expected) implements ClusterCommand {
        public DrainNode {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Lets a node be away for a while.
    record MaintainNode(String node, String reason, ExpectedVersion expected) implements ClusterCommand {
        public MaintainNode {
            Check.name("a node's name", node);
            Check.note("a reason", reason, 512);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Shuts a node out.
    record EvictNode(String node, String reason, ExpectedVersion expected) implements ClusterCommand {
        public EvictNode {
            Check.name("a node's name", node);
            Check.note("a reason", reason, 512);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Gives a node a new certificate; the one before stays good until it expires or is replaced as well.
    record RenewCertificate(String node, NodeCertificate certificate, ExpectedVersion expected)
            implements ClusterCommand {
        public RenewCertificate {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return node;
        }
    }

    /// Lets commands and records use a newer format, once every node understands it.
    record RaiseLevel(int level) implements ClusterCommand {
        public RaiseLevel {
            Check.range("a level", level, 1, 255);
        }

        @Override
        public String target() {
            return "level/" + level;
        }
    }
}
