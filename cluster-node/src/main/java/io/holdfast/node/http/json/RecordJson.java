package io.holdfast.node.http.json;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.gridstate.catalog.Octets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns records into JSON by their components:
///
/// - a record is an object with its components' names, an absent `Optional` is left out;
/// - a record with a text form of its own (keys, digests, ids) is that text;
/// - a fencing token, a log index or a term is a number;
/// - a state (a case of a sealed interface that has a `label()`) is its label; what else it has
///   stands beside it, as `stateDetails` beside `state`;
/// - a constant of an enumeration is its name in lower case with dashes;
/// - `Long.MAX_VALUE`, which stands for "never", is left out;
/// - bytes are text where they are UTF-8, else base 64, as `valueBase64` instead of `value`;
/// - hashes of secrets are left out.
public final class RecordJson {
    private static final Set<String> SECRETS = Set.of("secretHash");
    private static final int DEPTH_MAX = 16;

    private static final ClassValue<Shape> SHAPES =
            new ClassValue<>() {
                @Override
                protected Shape computeValue(Class<?> type) {
                    return Shape.of(type);
                }
            };

    /// What is known about a record type, found out once.
    private record Shape(List<Field> fields, boolean isText, @Nullable Method label) {
        private record Field(String name, Method accessor) {}

        static Shape of(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (!SECRETS.contains(component.getName())) {
                    Method accessor = component.getAccessor();
                    accessor.trySetAccessible();
                    fields.add(new Field(component.getName(), accessor));
                }
            }
            return new Shape(List.copyOf(fields), declaresText(type), label(type));
        }

        private static boolean declaresText(Class<?> type) {
            try {
                // The compiler makes a record's own toString final; a written one is not.
                return !Modifier.isFinal(type.getDeclaredMethod("toString").getModifiers());
            } catch (NoSuchMethodException e) {
                return false;
            }
        }

        private static @Nullable Method label(Class<?> type) {
            for (Class<?> family : type.getInterfaces()) {
                for (Method method : family.isSealed() ? family.getMethods() : new Method[0]) {
                    if (method.getName().equals("label") && method.getParameterCount() == 0) {
                        return method;
                    }
                }
            }
            return null;
        }
    }

    private RecordJson() {}

    /// The JSON of a record.
    public static JsonObject object(Record value) {
        return members(value, 0);
    }

    /// A catalog's record as the API shows it: its members, its key and its version. A member that
    /// is called like one of these is shown with `Name` behind it. A record without members is its
    /// text.
    public static JsonObject item(String key, long version, Object value) {
        JsonObject item = new JsonObject().put("key", key).put("version", version);
        if (convert(value, 0) instanceof JsonObject members) {
            members.forEach(
                    member ->
                            item.put(
                                    item.containsKey(member.getKey())
                                            ? member.getKey() + "Name"
                                            : member.getKey(),
                                    member.getValue()));
        } else {
            item.put("value", convert(value, 0));
        }
        return item;
    }

    /// The JSON of any value that records are made of; null for nothing.
    public static @Nullable Object value(@Nullable Object value) {
        return convert(value, 0);
    }

    private static @Nullable Object convert(@Nullable Object value, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalStateException("a record is nested too deeply: depth=" + depth);
        }
        return switch (value) {
            case null -> null;
            case Long never when never == Long.MAX_VALUE -> null;
            case Number number -> number;
            case Boolean flag -> flag;
            case String text -> text;
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case Instant time -> time.toString();
            case Optional<?> optional -> convert(optional.orElse(null), depth);
            case FencingToken token -> token.value();
            case LogIndex index -> index.value();
            case Term term -> term.value();
            case Octets octets -> new String(octets.toArray(), StandardCharsets.UTF_8);
            case List<?> list -> array(list, depth);
            case Map<?, ?> map -> map(map, depth);
            case Record rec -> ofRecord(rec, depth);
            default -> value.toString();
        };
    }

    private static JsonObject members(Record value, int depth) {
        Shape shape = SHAPES.get(value.getClass());
        JsonObject object = new JsonObject();
        for (Shape.Field field : shape.fields()) {
            put(object, field.name(), invoke(field.accessor(), value), depth + 1);
        }
        return object;
    }

    private static void put(JsonObject object, String name, @Nullable Object value, int depth) {
        if (value instanceof Record state && SHAPES.get(state.getClass()).label() != null) {
            object.put(name, convert(state, depth));
            JsonObject details = members(state, depth);
            if (!details.isEmpty()) {
                object.put(name + "Details", details);
            }
        } else if (value instanceof Octets octets && !isText(octets)) {
            object.put(name + "Base64", Base64.getEncoder().encodeToString(octets.toArray()));
        } else {
            Object converted = convert(value, depth);
            if (converted != null) {
                object.put(name, converted);
            }
        }
    }

    private static JsonArray array(List<?> list, int depth) {
        JsonArray array = new JsonArray();
        for (Object element : list) {
            array.add(convert(element, depth + 1));
        }
        return array;
    }

    private static JsonObject map(Map<?, ?> map, int depth) {
        JsonObject object = new JsonObject();
        map.forEach((key, element) -> object.put(String.valueOf(key), convert(element, depth + 1)));
        return object;
    }

    private static @Nullable Object ofRecord(Record value, int depth) {
        Shape shape = SHAPES.get(value.getClass());
        Method label = shape.label();
        if (label != null) {
            return invoke(label, value);
        }
        return shape.isText() ? value.toString() : members(value, depth);
    }

    private static boolean isText(Octets octets) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toArray()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static @Nullable Object invoke(Method accessor, Object target) {
        try {
            return accessor.invoke(target);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "a record's component cannot be read: component=" + accessor, e);
        }
    }
}
