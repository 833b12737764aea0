import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import chat from './vite.config.ts';

// The lab is a build of its own, into the same folder: sharing chunks with the chat page would make that one's first load grow.
export default mergeConfig(chat, {
  build: { emptyOutDir: false, copyPublicDir: false, rollupOptions: { input: fileURLToPath(new URL('./lab.html', import.meta.url)) } },
});
