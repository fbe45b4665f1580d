/** A plain object: importing Vite's types would bring Node's globals into the screens' type check. */
export default {
  base: '/',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // Two files of which no one is over 80 KiB (gzip), and React's stays in the tablet when ClubOps changes.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }] },
      },
    },
  },
};
