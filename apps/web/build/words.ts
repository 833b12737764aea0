import type { Plugin } from 'vite';

/** Tells `early.js` where the words of each language are, so that they are fetched together with the scripts and not after them. */
export function wordsBeforehand(): Plugin {
  return {
    name: 'suda-words',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const places = Object.values(bundle).flatMap((chunk) => {
          const language = chunk.type === 'chunk' ? /\/src\/i18n\/(ko|en)\.ts$/.exec(chunk.facadeModuleId ?? '')?.[1] : undefined;
          return language === undefined ? [] : [` data-${language}="./${chunk.fileName}"`];
        });
        return html.replace(/(<script src="[^"]*early\.js")/, `$1${places.sort().join('')}`);
      },
    },
  };
}
