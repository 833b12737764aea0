import { limits, UserName } from '@suda/protocol';

/** A user as the host application knows them. */
export interface HostUser {
  /** Whatever the host tells its users apart by; never changes. Numbers are as their text. */
  readonly id: string | number;
  /** What others see. */
  readonly name: string;
}

/**
 * A host's name as a name of ours: one visible line, cut to length.
 * @param otherwise what someone is called whose name has nothing to see in it
 */
export function nameOf(name: unknown, otherwise: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const line = String(name ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
  const cut = line.toWellFormed().trim().slice(0, limits.nameLength);
  // A pair that was cut in two.
  const whole = cut.isWellFormed() ? cut : cut.slice(0, -1);
  const parsed = UserName.safeParse(whole);
  return parsed.success ? parsed.data : otherwise;
}
