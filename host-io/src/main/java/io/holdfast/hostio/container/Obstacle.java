package io.holdfast.hostio.container;

/// Something in a running container that a checkpoint cannot save.
///
/// @param processId as the machine numbers it; 0 if it concerns the container as a whole
/// @param processName its short name
/// @param descriptor its number; -1 if it is not a descriptor
/// @param what one phrase, such as `an io_uring instance`
/// @param remedy what to change so that it works
public record Obstacle(long processId, String processName, int descriptor, String what, String remedy) {
    /// One line for a person.
    public String explained() {
        String where = processId == 0 ? "the container" : "process " + processName + " (" + processId + ")";
        String which = descriptor < 0 ? "" : ", descriptor " + descriptor;
        return where + which + ": " + what + "; " + remedy;
    }
}
