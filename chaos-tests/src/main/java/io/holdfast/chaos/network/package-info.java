/// The network between the nodes of a sandbox, and what may be wrong with it. Entry class:
/// [io.holdfast.chaos.network.SandboxNetwork].
///
/// Two kinds of wire carry the frames. A kernel bridge with a packet filter cuts and loses
/// ([io.holdfast.chaos.network.BridgeWire]); a switch in this process
/// ([io.holdfast.chaos.network.SwitchWire]) does that and delays, reorders, repeats, damages and slows down,
/// which kernels without netem cannot. Conditions are per direction.
@NullMarked
package io.holdfast.chaos.network;

import org.jspecify.annotations.NullMarked;
