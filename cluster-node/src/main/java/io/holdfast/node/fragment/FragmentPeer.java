package io.holdfast.node.fragment;

import java.net.InetSocketAddress;

/// Another node, as a link to its disks needs to know it.
///
/// @param name the node's, which its certificate must show
/// @param address of its port for fragments
public record FragmentPeer(String name, InetSocketAddress address) {}
