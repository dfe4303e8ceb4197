package io.holdfast.chaos.mutant;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;

/// A bug planted in one method of the compiled product. Immutable.
///
/// @param type the class, with its package
/// @param method all methods of this name
record Mutation(String type, String method, Change change) {
    /// What becomes of the method.
    sealed interface Change {
        /// It does nothing but answer with this: a boolean, an int, a long, or null for nothing at all.
        record Answer(Object value) implements Change {}

        /// It does nothing.
        record Nothing() implements Change {}

        /// Calls of this method in it are left out; they answer with zero, false or null.
        record LeaveOut(String call) implements Change {}
    }

    static Mutation answer(String type, String method, Object value) {
        return new Mutation(type, method, new Change.Answer(value));
    }

    static Mutation nothing(String type, String method) {
        return new Mutation(type, method, new Change.Nothing());
    }

    static Mutation leaveOut(String type, String method, String call) {
        return new Mutation(type, method, new Change.LeaveOut(call));
    }

    /// The class with the bug.
    ///
    /// @throws IllegalStateException if the product no longer has what the bug is planted in
    byte[] plantedIn(byte[] original) {
        ClassFile format = ClassFile.of();
        ClassModel model = format.parse(original);
        int[] plantedCount = new int[1];
        byte[] changed = format.transformClass(model, switch (change) {
            case Change.Answer answer -> bodies(plantedCount, code -> answerWith(code, answer.value()));
            case Change.Nothing _ -> bodies(plantedCount, CodeBuilder::return_);
            case Change.LeaveOut leaveOut -> ClassTransform.transformingMethodBodies(
                    candidate -> candidate.methodName().equalsString(method),
                    leavingOut(leaveOut.call(), plantedCount));
        });
        if (plantedCount[0] == 0) {
            throw new IllegalStateException("nothing to plant the bug in: " + this);
        }
        return changed;
    }

    /// The body of a method.
    @FunctionalInterface
    private interface Body {
        void write(CodeBuilder code);
    }

    private ClassTransform bodies(int[] plantedCount, Body body) {
        return (builder, element) -> {
            if (element instanceof MethodModel candidate && candidate.methodName().equalsString(method)
                    && !candidate.flags().has(AccessFlag.ABSTRACT)) {
                plantedCount[0]++;
                builder.withMethodBody(candidate.methodName(), candidate.methodType(),
                        candidate.flags().flagsMask(), body::write);
            } else {
                builder.with(element);
            }
        };
    }

    private static void answerWith(CodeBuilder code, Object value) {
        switch (value) {
            case Boolean truth -> code.loadConstant(truth ? 1 : 0).ireturn();
            case Integer number -> code.loadConstant(number.intValue()).ireturn();
            case Long number -> code.loadConstant(number.longValue()).lreturn();
            case None _ -> code.aconst_null().areturn();
            default -> throw new IllegalArgumentException("no such answer: " + value);
        }
    }

    /// The answer null.
    record None() {}

    private static CodeTransform leavingOut(String call, int[] plantedCount) {
        return (code, element) -> {
            if (element instanceof InvokeInstruction invocation && invocation.name().equalsString(call)) {
                plantedCount[0]++;
                drop(code, invocation);
            } else {
                code.with(element);
            }
        };
    }

    private static void drop(CodeBuilder code, InvokeInstruction invocation) {
        MethodTypeDesc type = invocation.typeSymbol();
        List<ClassDesc> parameters = type.parameterList();
        for (ClassDesc parameter : parameters.reversed()) {
            if (TypeKind.from(parameter).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        if (invocation.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
        switch (TypeKind.from(type.returnType()).asLoadable()) {
            case VOID -> {}
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> code.iconst_0();
        }
    }
}
