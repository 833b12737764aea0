/**
 * `Content-Disposition` (RFC 6266) with a file's name: whole, as RFC 8187 writes it, and in ASCII for who can't read that.
 * @param type whether it may be shown, or is only to be saved
 */
export function disposition(type: 'inline' | 'attachment', name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
