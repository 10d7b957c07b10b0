import { defineConfig } from 'vite';

const OUT = '../src/endplate/web/static';

export default defineConfig(({ mode }) => {
  if (mode === 'widget') {
    return {
      publicDir: false,
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        outDir: OUT,
        emptyOutDir: false,
        target: 'es2022',
        // A library is not minified on its own.
        rolldownOptions: { output: { minify: true } },
        lib: { entry: 'src/widget.ts', formats: ['es'], fileName: () => 'widget.js', cssFileName: 'widget' },
      },
    };
  }
  return {
    base: './',
    build: { outDir: OUT, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
    server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8420' } },
  };
});
