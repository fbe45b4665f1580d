import { build } from 'esbuild';

/** The bundle's own beginning: each program's `import.meta.main` is false in it, so that just one of them runs. */
const ENTRY = `import { clubops } from './installer/main.ts'; void clubops(process.argv);`;

/** Puts the CLI, the edge node and all their packages into one CommonJS file: a single executable can require nothing else. */
export async function bundle(top: string, outfile: string): Promise<void> {
  const { warnings } = await build({
    absWorkingDir: top,
    stdin: { contents: ENTRY, resolveDir: top, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minifyWhitespace: true,
    minifySyntax: true,
    // An error in a club's log should name the function.
    keepNames: true,
    legalComments: 'eof',
    define: {
      'import.meta.main': 'false',
      // Asked for in a checkout only; in the binary the program's files are its assets.
      'import.meta.url': 'undefined',
      'import.meta.dirname': '""',
      // Compiled helpers that ws takes where it finds them; none are in the binary.
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    // jsPDF loads these to draw HTML and SVG, which no report has.
    external: ['canvg', 'dompurify', 'html2canvas'],
    logLevel: 'silent',
  });
  if (warnings.length > 0)
    throw new Error(
      `The bundle has warnings: ${warnings.map(({ text, location }) => `${text} (${location?.file}:${location?.line})`).join('; ')}`,
    );
}
