/** A plain object: importing Vite's types would bring Node's globals into the screens' type check. */
export default {
  base: '/',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
};
