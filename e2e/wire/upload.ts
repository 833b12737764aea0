import type { Attachment } from '@suda/protocol';

export interface Uploaded {
  readonly status: number;
  readonly file: Attachment;
  readonly code: string | undefined;
}

/** Uploads bytes as any program does. @param url of the server, without a slash at its end */
export async function upload(
  url: string,
  token: string,
  bytes: Uint8Array | string,
  name = 'file',
  headers: Readonly<Record<string, string>> = {},
): Promise<Uploaded> {
  const response = await fetch(`${url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
  const body = (await response.json()) as Attachment & { error?: { code: string } };
  return { status: response.status, file: body, code: body.error?.code };
}

/** A file's bytes, and how they were given. */
export async function download(url: string, token: string | undefined, path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/v1/files/${path}`, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
