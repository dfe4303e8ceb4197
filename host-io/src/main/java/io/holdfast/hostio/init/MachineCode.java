package io.holdfast.hostio.init;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A small program for Linux on x86-64 while it is written: instructions that cannot be written to, data that
/// cannot be executed. Confined.
///
/// The file:
///
/// ```
/// 0      ELF header, 64 bytes
/// 64     three program headers of 56 bytes: code, data, stack
/// 232    code, mapped at 0x400000 with what stands before it
/// n*4096 data, mapped at 0x10000000
/// ```
final class MachineCode {
    /// Which condition of the last result lets a jump happen; the second byte of the instruction.
    enum When {
        ZERO(0x84),
        NOT_ZERO(0x85),
        NEGATIVE(0x88),
        BELOW(0x82),
        ABOVE(0x87);

        private final int operation;

        When(int operation) {
            this.operation = operation;
        }
    }

    private static final int CODE_ADDRESS = 0x400000;
    private static final int DATA_ADDRESS = 0x10000000;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int SEGMENT_COUNT = 3;
    private static final int CODE_OFFSET = HEADER_BYTES + SEGMENT_COUNT * SEGMENT_BYTES;
    private static final int PAGE_BYTES = 4_096;
    private static final int LOAD = 1;
    private static final int STACK = 0x6474e551;
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    /// `mov REGISTER, imm32` for the arguments of a system call, in order: rdi, rsi, rdx, r10.
    private static final int[][] SET_ARGUMENT = {{0xbf}, {0xbe}, {0xba}, {0x41, 0xba}};

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Jump> jumps = new ArrayList<>();

    private record Jump(int place, String label) {}

    /// Names the place of the next instruction.
    void label(String name) {
        if (labels.put(name, code.size()) != null) {
            throw new IllegalStateException("a place has one name: label=" + name);
        }
    }

    /// Makes a system call; its result is what the next condition is about.
    void call(int number, int... arguments) {
        for (int index = 0; index < arguments.length; index++) {
            emit(SET_ARGUMENT[index]);
            number(arguments[index]);
        }
        callWithResultSet(number);
    }

    /// The same with the last result as its first argument, and these behind it.
    void callOnResult(int number, int... further) {
        emit(0x89, 0xc7); // mov edi, eax
        for (int index = 0; index < further.length; index++) {
            emit(SET_ARGUMENT[index + 1]);
            number(further[index]);
        }
        callWithResultSet(number);
    }

    /// The same with what stands at an address as its first argument.
    void callOnValue(int number, int address, int... further) {
        load(address);
        callOnResult(number, further);
    }

    private void callWithResultSet(int number) {
        emit(0xb8); // mov eax, number
        number(number);
        emit(0x0f, 0x05); // syscall
        emit(0x85, 0xc0); // test eax, eax
    }

    /// Compares the last result with a number, for the next conditions.
    void compare(int with) {
        emit(0x3d); // cmp eax, with
        number(with);
    }

    void store(int address) {
        emit(0x89, 0x04, 0x25); // mov [address], eax
        number(address);
    }

    void load(int address) {
        emit(0x8b, 0x04, 0x25); // mov eax, [address]
        number(address);
    }

    /// Begins to count down from here.
    void count(int from) {
        emit(0xbb); // mov ebx, from
        number(from);
    }

    /// Goes back while the count is not zero.
    void repeat(String label) {
        emit(0xff, 0xcb); // dec ebx
        jump(When.NOT_ZERO, label);
    }

    void jump(When when, String label) {
        emit(0x0f, when.operation);
        target(label);
    }

    void jump(String label) {
        emit(0xe9);
        target(label);
    }

    private void target(String label) {
        jumps.add(new Jump(code.size(), label));
        number(0);
    }

    private void emit(int... bytes) {
        for (int each : bytes) {
            code.write(each);
        }
    }

    private void number(int value) {
        emit(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
    }

    /// Puts a text into the data, ended by a zero.
    ///
    /// @return its address
    int text(String text) {
        return bytes((text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /// Puts texts there, and their addresses in a row, ended by a zero.
    int texts(List<String> texts) {
        long[] row = new long[texts.size() + 1];
        for (int index = 0; index < texts.size(); index++) {
            row[index] = text(texts.get(index));
        }
        return numbers(row);
    }

    /// Puts numbers of eight bytes there.
    int numbers(long... values) {
        byte[] row = new byte[values.length * Long.BYTES];
        ByteBuffer numbers = little(row);
        for (long value : values) {
            numbers.putLong(value);
        }
        return bytes(row);
    }

    private int bytes(byte[] bytes) {
        while (data.size() % Long.BYTES != 0) {
            data.write(0);
        }
        int address = DATA_ADDRESS + data.size();
        data.writeBytes(bytes);
        return address;
    }

    /// The file.
    byte[] toFile() {
        byte[] instructions = code.toByteArray();
        for (Jump jump : jumps) {
            Integer to = labels.get(jump.label());
            if (to == null) {
                throw new IllegalStateException("a jump to nowhere: label=" + jump.label());
            }
            little(instructions).putInt(jump.place(), to - jump.place() - Integer.BYTES);
        }
        int codeEnd = CODE_OFFSET + instructions.length;
        int dataOffset = (codeEnd + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        byte[] bytes = new byte[dataOffset + Math.max(data.size(), 1)];
        ByteBuffer file = little(bytes);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 62).putInt(1); // an executable, x86-64
        file.putLong(CODE_ADDRESS + CODE_OFFSET).putLong(HEADER_BYTES).putLong(0).putInt(0);
        file.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES).putShort((short) SEGMENT_COUNT);
        file.position(HEADER_BYTES);
        segment(file, LOAD, READ | EXECUTE, 0, CODE_ADDRESS, codeEnd);
        segment(file, LOAD, READ | WRITE, dataOffset, DATA_ADDRESS, bytes.length - dataOffset);
        segment(file, STACK, READ | WRITE, 0, 0, 0);
        file.put(instructions).position(dataOffset);
        file.put(data.toByteArray());
        return bytes;
    }

    private static void segment(ByteBuffer file, int type, int flags, int offset, int address, int bytes) {
        file.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
        file.putLong(bytes).putLong(bytes).putLong(PAGE_BYTES);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
