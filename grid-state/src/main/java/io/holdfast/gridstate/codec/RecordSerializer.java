package io.holdfast.gridstate.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes the records of one type at one level: their fields in order. Concurrent, since immutable but for
/// the [Shape], which is made when first needed, so that a node's start pays for no type that it does not
/// use.
final class RecordSerializer extends Serializer<Record> {
    private final TypeTable.Entry entry;
    private final int level;
    private volatile @Nullable Shape shape;

    RecordSerializer(TypeTable.Entry entry, int level) {
        super(false, true);
        this.entry = entry;
        this.level = level;
    }

    static void writeWithId(Kryo kryo, Output output, Object value) {
        Registration registration = kryo.getRegistration(value.getClass());
        output.writeVarInt(registration.getId(), true);
        kryo.writeObject(output, value);
    }

    /// Reads an id and the record that it announces. Kryo's own way is not taken: an id it reserves would
    /// make it read a class name out of the bytes.
    static Object readWithId(Kryo kryo, Input input, Class<?> expected) {
        int id = input.readVarInt(true);
        Registration registration = id < TypeTable.ID_MIN ? null : kryo.getRegistration(id);
        if (registration == null) {
            throw new CorruptRecordException("no such type: id=" + id);
        }
        if (!expected.isAssignableFrom(registration.getType())) {
            throw new CorruptRecordException("another type stands here: expected=" + expected.getSimpleName()
                    + " found=" + registration.getType().getSimpleName());
        }
        Class<?> type = registration.getType();
        return kryo.readObject(input, type);
    }

    @Override
    public void write(Kryo kryo, Output output, Record value) {
        Shape made = shape();
        int count = fieldCount();
        for (int i = 0; i < made.accessors.length; i++) {
            Object component = made.componentOf(value, i);
            if (i < count) {
                made.forms[i].write(kryo, output, component);
            } else if (!component.equals(made.forms[i].neutral())) {
                throw new IllegalArgumentException("the cluster's level is too low for this: level=" + level
                        + " type=" + entry.type().getSimpleName());
            }
        }
    }

    @Override
    public Record read(Kryo kryo, Input input, Class<? extends Record> type) {
        Shape made = shape();
        int count = fieldCount();
        Object[] components = new Object[made.forms.length];
        for (int i = 0; i < components.length; i++) {
            components[i] = i < count ? made.forms[i].read(kryo, input) : made.forms[i].neutral();
        }
        return made.build(components);
    }

    private int fieldCount() {
        return entry.fieldCountAt(level);
    }

    private Shape shape() {
        Shape made = shape;
        if (made == null) {
            made = new Shape(entry.type());
            shape = made;
        }
        return made;
    }

    /// A record type taken apart.
    private static final class Shape {
        final FieldForm[] forms;
        final Method[] accessors;
        private final Constructor<? extends Record> constructor;

        Shape(Class<? extends Record> type) {
            RecordComponent[] components = type.getRecordComponents();
            forms = Arrays.stream(components)
                    .map(component -> FieldForm.of(component.getGenericType()))
                    .toArray(FieldForm[]::new);
            accessors =
                    Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                constructor = type.getDeclaredConstructor(types);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("a record without its constructor: type=" + type, e);
            }
        }

        Object componentOf(Record value, int i) {
            try {
                return accessors[i].invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read a component: accessor=" + accessors[i], e);
            }
        }

        Record build(Object[] components) {
            try {
                return constructor.newInstance(components);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IllegalArgumentException broken) {
                    throw new CorruptRecordException(String.valueOf(broken.getMessage()), broken);
                }
                throw new IllegalStateException("a record refused its components: " + constructor, e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot build a record: constructor=" + constructor, e);
            }
        }
    }
}
