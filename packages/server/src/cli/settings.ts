import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { FILES } from '../files/contents.ts';
import type { OutsideOptions } from '../gifs/outside.ts';
import { claimKeyOf } from '../place.ts';
import type { ServerOptions } from '../server.ts';

const pageFolder = fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url));

/** What the command's settings mean for a server. @param folder of the data */
export function serverSettings(config: Config, folder: string, secret: string): Omit<ServerOptions, 'store'> {
  return {
    filesFolder: join(folder, FILES),
    secret,
    claimKey: claimKeyOf(secret),
    pageFolder,
    origins: config.origins,
    trustProxy: config['trust-proxy'],
    rate: config.rate,
    linkPreviews: config['link-previews'],
    gifs: gifsOf(config),
  };
}

/** Where GIFs can be looked for outside. */
function gifsOf({ 'gif-provider': provider, 'gif-key': key, 'gif-url': url }: Config): OutsideOptions | null {
  if (provider === undefined || key === undefined) return null;
  return url === undefined ? { provider, key } : { provider, key, url };
}
