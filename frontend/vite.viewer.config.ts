// Builds the viewer's development page: VIEWER_OUT=some/folder npx vite build --config vite.viewer.config.ts
// Put anatomy.json (the answer of /api/anatomy) into the folder's demo/.
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    outDir: process.env['VIEWER_OUT'] ?? 'viewer-out',
    emptyOutDir: false,
    target: 'es2022',
    rollupOptions: { input: 'viewer.html' },
  },
});
