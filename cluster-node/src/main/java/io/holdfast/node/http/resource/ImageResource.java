package io.holdfast.node.http.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.hostio.image.ImageReference;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.port.CommandGateway;
import io.holdfast.node.http.port.ImageDesk;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Images that the cluster keeps. Concurrent.
public final class ImageResource {
    private final Changes changes;
    private final ImageDesk desk;
    private final SecureRandom random = new SecureRandom();

    public ImageResource(Changes changes, ImageDesk desk) {
        this.changes = changes;
        this.desk = desk;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("importImage", this::importImage);
        handlers.put(
                "deleteImage",
                call -> changes.apply(
                        call,
                        new ImageCommand.Delete(
                                Reads.key(ImageCatalogs.IMAGES, call.pathValue("image")), call.expected())));
    }

    private ApiReply importImage(ApiCall call) {
        ImageReference reference = referenceOf(call.body().getString("reference"));
        String name = nameOf(Optional.ofNullable(call.body().getString("name")), reference);
        String operation = operationOf(call);
        CommandGateway.Answer answer = changes.accepted(
                call, new OperationCommand.Start(operation, ImageDesk.KIND, name, desk.node()));
        desk.begin(new ImageDesk.Order(
                operation,
                answer.index(),
                reference.toString(),
                name,
                call.expected(),
                call.principal().actor(),
                call.requestId()));
        return ApiReply.json(202, new JsonObject().put("operation", operation).put("image", name))
                .withIndex(answer.index());
    }

    /// A repeated call with the same key is about the same operation.
    private String operationOf(ApiCall call) {
        return Changes.idempotencyKey(call)
                .map(key -> UUID.nameUUIDFromBytes(key.getBytes(UTF_8)).toString())
                .orElseGet(() -> {
                    byte[] drawn = new byte[8];
                    random.nextBytes(drawn);
                    return HexFormat.of().formatHex(drawn);
                });
    }

    private static ImageReference referenceOf(String text) {
        try {
            return ImageReference.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid(String.valueOf(malformed.getMessage()), "");
        }
    }

    private static String nameOf(Optional<String> given, ImageReference reference) {
        String name = given.orElseGet(() -> standardName(reference));
        if (!ImageCatalogs.isName(name)) {
            throw invalid(
                    "not the name of an image: " + name,
                    "NAME or NAME:TAG, of a-z, 0-9, '.', '_' and '-', first a letter or digit; a tag may have"
                            + " capitals");
        }
        return name;
    }

    /// The last step of where it is, and what tells it from others there.
    private static String standardName(ImageReference reference) {
        return switch (reference) {
            case ImageReference.Layout layout -> named(layout.folder().toString(), layout.name());
            case ImageReference.Archive archive -> named(archive.file().toString(), archive.name());
            case ImageReference.Registry registry -> named(
                    registry.repository(),
                    Optional.of(registry.selector())
                            .filter(tag -> !registry.isPinned() && !tag.equals("latest")));
        };
    }

    private static String named(String path, Optional<String> tag) {
        String last = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String plain = last.endsWith(".tar") ? last.substring(0, last.length() - ".tar".length()) : last;
        return plain + tag.map(text -> ":" + text).orElse("");
    }

    private static RuntimeException invalid(String detail, String hint) {
        return new Problem(422, "invalid", detail, hint).exception();
    }
}
