import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { emojiCatalogs } from './build/emoji.ts';
import { wordsBeforehand } from './build/words.ts';

const server = process.env.SUDA_URL ?? 'http://localhost:8005';

// The server's content security policy allows only scripts and styles that are files of its own:
// nothing may be inlined into the page or into another file.
export default defineConfig({
  // Relative to the page's `<base>`, which the server sets to the path that it is mounted under.
  base: './',
  plugins: [svelte({ compilerOptions: { runes: true } }), emojiCatalogs(), wordsBeforehand()],
  build: {
    target: 'es2024',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    // What the first view needs is one file: in pieces it weighs more, compressed.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } } },
  },
  server: {
    port: 5173,
    proxy: { '/v1': { target: server, ws: true }, '/socket.io': { target: server, ws: true } },
  },
});
