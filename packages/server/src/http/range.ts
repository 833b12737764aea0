/** Bytes from the first to the last, both of them included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `Range` (RFC 9110 §14.2) for a representation of `size` bytes.
 * @returns the range; `whole` when there is none that is heeded (several ranges, another unit, nonsense); `none` when it lies outside
 */
export function rangeOf(header: string | undefined, size: number): Range | 'whole' | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') return to === '0' || size === 0 ? 'none' : { first: Math.max(0, size - Number(to)), last: size - 1 };
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first < size ? { first, last } : 'none';
}
