package io.holdfast.gridstate.access;

import static io.holdfast.gridstate.access.AccessCatalogs.USERS;
import static io.holdfast.gridstate.access.AccessCatalogs.USER_TOKENS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AccessRulesTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void aTokenIsFoundByItsHashUntilItIsRevoked() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.OPERATOR));
        UserTokenKey token = new UserTokenKey("ada", "t1");
        grid.accept(create(token, 1, Long.MAX_VALUE));
        assertEquals(Optional.of(new TokenLookup.Identity("ada", Role.OPERATOR, token)), find(1));
        assertTrue(find(2).isEmpty());
        grid.accept(new AccessCommand.RevokeToken(token));
        assertTrue(find(1).isEmpty());
        grid.accept(new AccessCommand.RevokeToken(token));
    }

    @Test
    void aTokenExpires() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.VIEWER));
        assertEquals(
                RefusalCode.EXPIRED,
                grid.refuse(create(new UserTokenKey("ada", "t0"), 1, grid.timeMillis())));
        grid.accept(create(new UserTokenKey("ada", "t1"), 1, grid.timeMillis() + 1));
        assertTrue(find(1).isPresent());
        grid.elapse(1);
        assertTrue(find(1).isEmpty());
    }

    @Test
    void aSecretBelongsToOneToken() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.VIEWER));
        grid.accept(create(new UserTokenKey("ada", "t1"), 1, Long.MAX_VALUE));
        assertEquals(
                RefusalCode.EXISTS, grid.refuse(create(new UserTokenKey("ada", "t2"), 1, Long.MAX_VALUE)));
        assertEquals(
                RefusalCode.EXISTS, grid.refuse(create(new UserTokenKey("ada", "t1"), 2, Long.MAX_VALUE)));
        assertEquals(
                RefusalCode.NOT_FOUND, grid.refuse(create(new UserTokenKey("bob", "t1"), 3, Long.MAX_VALUE)));
    }

    @Test
    void theLastAdministratorStays() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.ADMIN));
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new AccessCommand.DeleteUser("ada", ExpectedVersion.ANY)));
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new AccessCommand.SetRole("ada", Role.VIEWER, ExpectedVersion.ANY)));
        grid.accept(new AccessCommand.CreateUser("bob", Role.VIEWER));
        grid.accept(new AccessCommand.SetRole("bob", Role.ADMIN, ExpectedVersion.ANY));
        grid.accept(new AccessCommand.DeleteUser("ada", ExpectedVersion.ANY));
        assertTrue(grid.find(USERS, "ada").isEmpty());
    }

    @Test
    void tokensGoWithTheirUser() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.VIEWER));
        grid.accept(create(new UserTokenKey("ada", "t1"), 1, Long.MAX_VALUE));
        grid.accept(new AccessCommand.DeleteUser("ada", ExpectedVersion.ANY));
        grid.accept(new AccessCommand.CreateUser("ada", Role.ADMIN));
        assertTrue(find(1).isEmpty());
        assertTrue(grid.find(USER_TOKENS, new UserTokenKey("ada", "t1")).isEmpty());
    }

    @Test
    void beyondTheBoundAUselessTokenGoes() {
        grid.accept(new AccessCommand.CreateUser("ada", Role.VIEWER));
        for (int i = 0; i < UserEntry.TOKENS_MAX; i++) {
            grid.accept(create(new UserTokenKey("ada", "t" + i), i, Long.MAX_VALUE));
        }
        UserTokenKey further = new UserTokenKey("ada", "further");
        assertEquals(RefusalCode.QUOTA_EXCEEDED, grid.refuse(create(further, 200, Long.MAX_VALUE)));
        grid.accept(new AccessCommand.RevokeToken(new UserTokenKey("ada", "t9")));
        grid.accept(create(further, 200, Long.MAX_VALUE));
        assertTrue(grid.find(USER_TOKENS, new UserTokenKey("ada", "t9")).isEmpty());
        assertEquals(UserEntry.TOKENS_MAX, grid.get(USERS, "ada").tokenCount());
    }

    private Optional<TokenLookup.Identity> find(int secret) {
        return new TokenLookup(grid.reader()).find(hash(secret), grid.timeMillis());
    }

    private static AccessCommand create(UserTokenKey token, int secret, long expiresMillis) {
        return new AccessCommand.CreateToken(token, hash(secret), expiresMillis, "");
    }

    private static Sha256 hash(int secret) {
        return new Sha256(HexFormat.of().toHexDigits((byte) secret).repeat(32));
    }
}
