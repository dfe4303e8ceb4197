package io.holdfast.gridstate.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.catalog.Octets;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How the values of one type are written. Reading never allocates more than the bytes that are left can
/// fill. Immutable.
interface FieldForm {
    void write(Kryo kryo, Output output, Object value);

    Object read(Kryo kryo, Input input);

    /// What a component is that was added later than the frame was written.
    Object neutral();

    /// The form of a record component's type.
    static FieldForm of(Type type) {
        if (type instanceof ParameterizedType generic) {
            FieldForm element = of(generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == List.class) {
                return new ListForm(element);
            }
            if (generic.getRawType() == Optional.class) {
                return new OptionalForm(element);
            }
        }
        if (type instanceof Class<?> plain) {
            return ofClass(plain);
        }
        throw new IllegalArgumentException("no form for this type: type=" + type);
    }

    private static FieldForm ofClass(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return new IntForm();
        }
        if (type == long.class || type == Long.class) {
            return new LongForm();
        }
        if (type == boolean.class) {
            return new FlagForm();
        }
        if (type == String.class) {
            return new TextForm();
        }
        if (type == Octets.class) {
            return new OctetsForm();
        }
        if (type.isEnum()) {
            return new EnumForm(List.of((Object[]) type.getEnumConstants()));
        }
        if (type.isRecord()) {
            return new RecordForm(type);
        }
        if (type.isInterface() && type.isSealed()) {
            return new ChoiceForm(type);
        }
        throw new IllegalArgumentException("no form for this type: type=" + type.getName());
    }

    /// A length or count, checked against what is left: each element takes at least one byte.
    static int readCount(Input input) {
        int count = input.readVarInt(true);
        int remaining = input.limit() - input.position();
        if (count < 0 || count > remaining) {
            throw new CorruptRecordException(
                    "a length is beyond the end: length=" + count + " remaining=" + remaining);
        }
        return count;
    }

    /// Zigzag varint of 32 bits.
    record IntForm() implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            output.writeVarInt((Integer) value, false);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return input.readVarInt(false);
        }

        @Override
        public Object neutral() {
            return 0;
        }
    }

    /// Zigzag varint of 64 bits.
    record LongForm() implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            output.writeVarLong((Long) value, false);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return input.readVarLong(false);
        }

        @Override
        public Object neutral() {
            return 0L;
        }
    }

    /// One byte, 0 or 1.
    record FlagForm() implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            output.writeByte((Boolean) value ? 1 : 0);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return readFlag(input);
        }

        static boolean readFlag(Input input) {
            byte flag = input.readByte();
            if (flag != 0 && flag != 1) {
                throw new CorruptRecordException("a flag is 0 or 1: value=" + flag);
            }
            return flag == 1;
        }

        @Override
        public Object neutral() {
            return false;
        }
    }

    /// Length, then UTF-8.
    record TextForm() implements FieldForm {
        private static final char REPLACEMENT = '\uFFFD';

        @Override
        public void write(Kryo kryo, Output output, Object value) {
            byte[] bytes = ((String) value).getBytes(UTF_8);
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            byte[] bytes = input.readBytes(readCount(input));
            String text = new String(bytes, UTF_8);
            if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(UTF_8), bytes)) {
                throw new CorruptRecordException("a text is not UTF-8: bytes=" + bytes.length);
            }
            return text;
        }

        @Override
        public Object neutral() {
            return "";
        }
    }

    /// Length, then bytes.
    record OctetsForm() implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            byte[] bytes = ((Octets) value).toArray();
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return Octets.copyOf(input.readBytes(readCount(input)));
        }

        @Override
        public Object neutral() {
            return Octets.EMPTY;
        }
    }

    /// The constant's number.
    ///
    /// @param constants of the enum, in order
    record EnumForm(List<Object> constants) implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            output.writeVarInt(constants.indexOf(value), true);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            int number = input.readVarInt(true);
            if (number < 0 || number >= constants.size()) {
                throw new CorruptRecordException(
                        "no such constant: known=" + constants + " number=" + number);
            }
            return constants.get(number);
        }

        @Override
        public Object neutral() {
            return constants.getFirst();
        }
    }

    /// Count, then elements.
    ///
    /// @param element of the elements
    record ListForm(FieldForm element) implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            List<?> list = (List<?>) value;
            output.writeVarInt(list.size(), true);
            for (Object each : list) {
                element.write(kryo, output, each);
            }
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            int count = readCount(input);
            List<Object> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(element.read(kryo, input));
            }
            return list;
        }

        @Override
        public Object neutral() {
            return List.of();
        }
    }

    /// A flag, then the value if there is one.
    ///
    /// @param element of the value
    record OptionalForm(FieldForm element) implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            Optional<?> optional = (Optional<?>) value;
            output.writeByte(optional.isPresent() ? 1 : 0);
            optional.ifPresent(present -> element.write(kryo, output, present));
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return FlagForm.readFlag(input) ? Optional.of(element.read(kryo, input)) : Optional.empty();
        }

        @Override
        public Object neutral() {
            return Optional.empty();
        }
    }

    /// The record's fields.
    ///
    /// @param type the record
    record RecordForm(Class<?> type) implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            kryo.writeObject(output, value);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return kryo.readObject(input, type);
        }

        @Override
        public Object neutral() {
            throw new IllegalStateException("a record has no neutral value: type=" + type.getName());
        }
    }

    /// The id of the record's type, then its fields.
    ///
    /// @param type the sealed interface
    record ChoiceForm(Class<?> type) implements FieldForm {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            RecordSerializer.writeWithId(kryo, output, value);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return RecordSerializer.readWithId(kryo, input, type);
        }

        @Override
        public Object neutral() {
            throw new IllegalStateException("an interface has no neutral value: type=" + type.getName());
        }
    }
}
