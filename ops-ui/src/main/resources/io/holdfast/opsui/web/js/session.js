/// Who is logged in, which cluster this is, and where else it can be reached. One per page load.

const ROLES = ['viewer', 'operator', 'admin'];

export const session = {
  user: '',
  role: '',
  via: '',
  clusterName: '',
  clusterId: '',
  /** The node that answers this page. */
  node: '',
  /** The API addresses of all nodes, by name. */
  addresses: new Map(),
  /** The names of the nodes that answer and take work. */
  working: [],
};

/** Whether the user may do what the role may. */
export function mayActAs(role) {
  return ROLES.indexOf(session.role) >= ROLES.indexOf(role);
}

/** The nodes that take work, this one first. */
export function nodeNames() {
  return [...session.working].sort((left, right) => (right === session.node) - (left === session.node));
}

/** Keeps what a status says about the cluster. */
export function learn(status) {
  session.node = status.answeredBy;
  session.clusterName = status.cluster?.name ?? '';
  session.clusterId = status.cluster?.id ?? '';
  session.addresses = new Map(status.nodes
    .filter((node) => node.state !== 'evicted' && node.addresses?.api)
    .map((node) => [node.name, node.addresses.api]));
  session.working = status.nodes.filter((node) => node.answers && node.state === 'joined').map((node) => node.name);
}
