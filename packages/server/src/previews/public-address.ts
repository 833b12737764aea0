import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address belongs to the public internet, so that asking it tells nobody anything of the network that this server stands in.
 *
 * It says yes to what is known to be public, and no to everything else: loopback, private and link-local networks (the clouds' metadata
 * among them), carriers' NAT, multicast, documentation, and every form in which IPv6 carries an IPv4 address (mapped, NAT64, 6to4, Teredo),
 * since where that ends is decided elsewhere.
 */
export function isPublicAddress(text: string): boolean {
  // ipaddr.js also reads 0x7f.1 and other old ways of writing. What comes here is what a resolver says.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

/** All of IPv6 that was ever given out (IANA, IPv6 Global Unicast Address Assignments). */
const globalUnicast = ipaddr.parseCIDR('2000::/3');
