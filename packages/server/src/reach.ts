import type { NetworkInterfaceInfo } from 'node:os';

type Interfaces = { readonly [name: string]: readonly NetworkInterfaceInfo[] | undefined };

/** Networks of containers and virtual machines: nobody's phone is in them. */
const inside = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|lxc|lxd|podman|utun|tun|tap|awdl|llw|bridge)/i;
const physical = /^(en|eth|wl|Wi-?Fi|Ethernet)/i;
/** Given by a machine to itself when nobody gave it one (RFC 3927). */
const selfGiven = '169.254.';

/**
 * Under which addresses others in the same network reach a server.
 * @param host what it listens on  @param interfaces as of `os.networkInterfaces()`
 * @returns the likeliest first; empty when it listens to its own machine alone
 */
export function reachOf(host: string, port: number, interfaces: Interfaces): string[] {
  const any = host === '::' || host === '0.0.0.0' || host === '';
  const own = Object.entries(interfaces).flatMap(([name, list = []]) =>
    list
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !inside.test(name) && !address.startsWith(selfGiven))
      .map(({ address }) => ({ address, first: physical.test(name) })),
  );
  const names = any
    ? own.sort((a, b) => Number(b.first) - Number(a.first)).map(({ address }) => address)
    : /^(localhost|127\.|::1$)/i.test(host)
      ? []
      : [host.includes(':') ? `[${host}]` : host];
  return names.map((name) => `http://${name}:${port}`);
}
