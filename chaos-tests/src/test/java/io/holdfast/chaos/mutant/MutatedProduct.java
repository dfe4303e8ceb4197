package io.holdfast.chaos.mutant;

import io.holdfast.chaos.checker.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// The product's own classes with a bug planted in one of them, loaded apart from the good ones together with
/// a subject that makes them work. Concurrent, as class loaders are.
final class MutatedProduct extends ClassLoader {
    private static final List<String> LOADED_APART = List.of(
            "io.holdfast.consensus.", "io.holdfast.gridstate.", "io.holdfast.hostio.",
            "io.holdfast.chaos.mutant.subject.");

    private final Mutation mutation;

    MutatedProduct(Mutation mutation) {
        super(MutatedProduct.class.getClassLoader());
        this.mutation = mutation;
    }

    /// Runs a subject, whose class is loaded here.
    List<Verdict> run(Class<? extends Mutant.Subject> subject, long seed) {
        try {
            return loadClass(subject.getName()).asSubclass(Mutant.Subject.class)
                    .getConstructor().newInstance().run(seed);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no subject, class=" + subject.getName(), e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (LOADED_APART.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = stream.readAllBytes();
            byte[] planted = name.equals(mutation.type()) ? mutation.plantedIn(bytes) : bytes;
            return defineClass(name, planted, 0, planted.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
