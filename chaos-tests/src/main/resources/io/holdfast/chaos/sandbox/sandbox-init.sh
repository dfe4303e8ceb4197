# First process of a sandbox; its arguments are the command to run inside. Reaps what the command orphans.
set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs -o mode=755 chaos /run
mkdir /run/netns
# Clocks that are moved leave shared memory behind, and nodes that are killed theirs.
[ ! -d /dev/shm ] || mount -t tmpfs -o mode=1777 chaos /dev/shm
# Shows the devices of this network namespace; some hosts forbid it without root, and nothing here needs it.
mount -t sysfs sysfs /sys 2>/dev/null || true
ip link set lo up
"$@"
# Not the last command: a shell would become it, and orphans would have no one to reap them.
exit $?
