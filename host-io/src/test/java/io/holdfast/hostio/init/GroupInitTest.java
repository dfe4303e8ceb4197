package io.holdfast.hostio.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.process.ProcessExit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GroupInitTest {
    private static final int ENTRY_OFFSET = 232;

    @Test
    void aCallIsThoseInstructionsAtTheEntry() {
        MachineCode code = new MachineCode();
        code.call(SystemCall.EXIT_GROUP, 7);
        byte[] file = code.toFile();
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x464c457f, header.getInt(0));
        assertEquals(0x400000 + ENTRY_OFFSET, header.getLong(24));
        byte[] expected = {
            (byte) 0xbf, 7, 0, 0, 0, // mov edi, 7
            (byte) 0xb8, (byte) 231, 0, 0, 0, // mov eax, exit_group
            0x0f, 0x05, // syscall
            (byte) 0x85, (byte) 0xc0 // test eax, eax
        };
        assertArrayEquals(
                expected, Arrays.copyOfRange(file, ENTRY_OFFSET, ENTRY_OFFSET + expected.length));
    }

    @Test
    void aJumpGoesFromTheNextInstructionToItsPlace() {
        MachineCode code = new MachineCode();
        code.jump("end");
        code.call(SystemCall.FORK);
        code.label("end");
        ByteBuffer file = ByteBuffer.wrap(code.toFile()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(9, file.getInt(ENTRY_OFFSET + 1));
        code.jump("nowhere");
        assertThrows(IllegalStateException.class, code::toFile);
        assertThrows(IllegalStateException.class, () -> code.label("end"));
    }

    @Test
    void whatWasToldOfAnEndIsRead() {
        assertEquals(Optional.empty(), GroupInit.parse(new byte[0], 2));
        assertEquals(Optional.empty(), GroupInit.parse(report(-1, 0), 2));
        assertEquals(Optional.empty(), GroupInit.parse(report(2, 0), 2));
        assertEquals(
                Optional.of(new GroupInit.MemberEnd(1, new ProcessExit.Code(3))),
                GroupInit.parse(report(1, 3 << 8), 2));
        assertEquals(
                Optional.of(new GroupInit.MemberEnd(0, new ProcessExit.Signal(9))),
                GroupInit.parse(report(0, 9), 2));
    }

    @Test
    void equalMembersAreEqualFiles() {
        List<Member> members = List.of(member("web"), member("db"));
        assertArrayEquals(GroupInit.file(members), GroupInit.file(members));
    }

    private static Member member(String name) {
        return new Member(
                name, RootFileSystem.of("sha256:" + name, Path.of("/srv", name)), Program.of("/bin/" + name));
    }

    private static byte[] report(int index, int status) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(GroupInit.FIRST_MEMBER + index).putInt(status).array();
    }
}
