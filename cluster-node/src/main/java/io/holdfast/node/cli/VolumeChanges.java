package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;

/// What changed between two snapshots of a volume, asked for piece by piece.
final class VolumeChanges {
    private static final int EXTENTS_PER_CALL = 10_000;

    private VolumeChanges() {}

    static JsonNode between(ApiClient client, VolumeCommand.WhichSnapshot older,
            VolumeCommand.WhichSnapshot newer) throws CliException {
        if (older.isVolume() || !older.volume().equals(newer.volume())) {
            throw new CliException(
                    ExitCode.USAGE,
                    "two snapshots of one volume are compared: " + older.text + " " + newer.text,
                    "list them with 'holdfast volume snapshots NAME'");
        }
        ApiRequest request = ApiRequest.get(newer.path("/changes"))
                .withQuery("since", older.snapshot())
                .withQuery("count", Integer.toString(EXTENTS_PER_CALL));
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        JsonNode page = client.call(request);
        all.addAll((ArrayNode) page.withArray("extents"));
        while (page.has("nextOffset")) {
            page = client.call(request.withQuery("offset", page.path("nextOffset").asText()));
            all.addAll((ArrayNode) page.withArray("extents"));
        }
        return all;
    }
}
