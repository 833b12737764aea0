import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the page is made of, as the build before this one left it. Fonts and the lab come along when they are used. */
const parts = (): string[] =>
  readdirSync(at('./dist/assets'))
    .filter((name) => /\.(js|css)$/.test(name) && !name.startsWith('lab'))
    .sort()
    .map((name) => `assets/${name}`);

// After the chat page, of whose files it keeps a list. Its own name never changes: browsers look for a new one there.
export default defineConfig({
  base: './',
  publicDir: false,
  define: { PARTS: JSON.stringify(parts()) },
  build: {
    target: 'es2024',
    emptyOutDir: false,
    copyPublicDir: false,
    rollupOptions: { input: at('./src/worker/worker.ts'), output: { entryFileNames: 'worker.js' } },
  },
});
