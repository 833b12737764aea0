const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `1.2 MB`, as a language says it. */
export function bytesIn(language: string, bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** step;
  const format = { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: step === 0 ? 'long' : 'short' } as const;
  return new Intl.NumberFormat(language, { ...format, maximumFractionDigits: step > 0 && value < 10 ? 1 : 0 }).format(value);
}
