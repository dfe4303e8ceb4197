package io.holdfast.gridstate.command;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Commands about users.
public sealed interface AccessCommand extends GridCommand {
    /// Makes a user.
    record CreateUser(String user, Role role) implements AccessCommand {
        public CreateUser {
            Check.name("a user's name", user);
        }

        @Override
        public String target() {
            return user;
        }
    }

    /// Gives a user another role.
    record SetRole(String user, Role role, ExpectedVersion expected) implements AccessCommand {
        public SetRole {
            Check.name("a user's name", user);
        }

        @Override
        public String target() {
            return user;
        }
    }

    /// Removes a user and all of the user's tokens.
    record DeleteUser(String user, ExpectedVersion expected) implements AccessCommand {
        public DeleteUser {
            Check.name("a user's name", user);
        }

        @Override
        public String target() {
            return user;
        }
    }

    /// Makes a token; beyond the bound the oldest that is no longer good goes.
    record CreateToken(UserTokenKey token, Sha256 secretHash, long expiresMillis, String note)
            implements AccessCommand {
        public CreateToken {
            Check.notNegative("a time", expiresMillis);
            Check.note("a note", note, 255);
        }

        @Override
        public String target() {
            return token.toString();
        }
    }

    /// Takes a token back; doing so again changes nothing.
    record RevokeToken(UserTokenKey token) implements AccessCommand {
        @Override
        public String target() {
            return token.toString();
        }
    }
}
