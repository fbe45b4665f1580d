/** The house rules that no linter knows: each finds its breaches, and carries one, so that it is seen to fail. */
export type Source = { readonly path: string; readonly text: string };
export type HouseRule = {
  readonly rule: string;
  readonly breaches: (sources: readonly Source[]) => readonly string[];
  readonly breach: Source;
};

const code = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);
const imports = ({ text }: Source): readonly string[] =>
  [...text.matchAll(/from '([^']+)'/g)].map(([, target]) => target ?? '');
const where = (sources: readonly Source[], wrong: (source: Source) => boolean): readonly string[] =>
  sources.filter(wrong).map(({ path }) => path);
const program = (path: string): string | null =>
  /^(edge-node\/web|edge-node|control-plane|installer)\//.exec(path)?.[1] ?? null;

/** Where an import leads, from the project's top. */
function target(from: string, to: string): string {
  if (!to.startsWith('.')) return to;
  const parts = from.split('/').slice(0, -1);
  for (const step of to.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

/** The faces of the node that the installer's CLI shows; every other import between programs is a breach. */
const FACES = [
  'edge-node/main.ts',
  'edge-node/set-up.ts',
  'edge-node/verify-folder.ts',
  'edge-node/verify-pack.ts',
  'edge-node/replace-box.ts',
];
const STATE_WRITES =
  /\.(insert|update|delete)\((club|stage|room|drawer|staff|device|businessDay|dancer|credential|attendance|houseFee|rotationEntry|stageSet|roomSession|inRoom|drawerSession|posting|balance|nightTotal|nightCount|review|sharedField|restriction|dancerNote|notice|feedCommand|signedBlob|area|occupancy|doorEvent|safetyRecord|recordPerson|recordText|recordNote|cashLimit|drawerMove|tipOut|nightPlace|zReport|cashReceipt|identityCheck|policyPack|clubPolicy|checkInOverride|stageNameFurther|engagement|agreement|image)\)/;

export const HOUSE_RULES: readonly HouseRule[] = [
  {
    rule: 'no feature imports another feature',
    breaches: (sources) =>
      where(
        sources,
        (source) =>
          /\/features\/([a-z-]+)\//.test(source.path) &&
          imports(source).some((to) => /^\.\.\/[a-z-]+\//.test(to) && !to.startsWith('../../')),
      ),
    breach: { path: 'edge-node/features/rotation/commands.ts', text: "import { x } from '../drawer/commands.ts';" },
  },
  {
    rule: 'no program imports another, but for the faces of the node that the CLI shows',
    breaches: (sources) =>
      where(sources, (source) => {
        const own = program(source.path);
        return (
          own !== null &&
          imports(source).some((to) => {
            const file = target(source.path, to);
            const other = program(file);
            return other !== null && other !== own && !(own === 'installer' && FACES.includes(file));
          })
        );
      }),
    breach: { path: 'control-plane/app.ts', text: "import { x } from '../edge-node/app.ts';" },
  },
  {
    rule: 'nothing imports tests',
    breaches: (sources) =>
      where(
        sources,
        (source) =>
          !source.path.startsWith('tests/') &&
          imports(source).some((to) => target(source.path, to).startsWith('tests/')),
      ),
    breach: { path: 'edge-node/app.ts', text: "import { x } from '../tests/support/seeded.ts';" },
  },
  {
    rule: 'only apply writes state tables',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) =>
          path.startsWith('edge-node/') && !path.startsWith('edge-node/state/') && STATE_WRITES.test(text),
      ),
    breach: { path: 'edge-node/http/read-routes.ts', text: 'db.update(attendance).set({})' },
  },
  {
    rule: 'no command asks the database with an unprepared query',
    breaches: (sources) =>
      where(
        sources,
        (source) =>
          source.path.startsWith('edge-node/features/') &&
          imports(source).some((to) => to.startsWith('drizzle-orm') || to === 'better-sqlite3'),
      ),
    breach: { path: 'edge-node/features/drawer/commands.ts', text: "import { eq } from 'drizzle-orm';" },
  },
  {
    rule: 'only a main touches the process',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) =>
          program(path) !== null &&
          !path.startsWith('installer/') &&
          !path.endsWith('main.ts') &&
          /\bprocess\.(env|exit|on|once|send|argv|stdout)\b/.test(text),
      ),
    breach: { path: 'edge-node/app.ts', text: "const port = process.env['PORT'];" },
  },
  {
    rule: 'no file has a name that says nothing, and none is a barrel',
    breaches: (sources) =>
      where(
        sources,
        ({ path }) =>
          code(path) &&
          /(^|\/)(utils?|helpers?|common|misc|lib|index)\.(ts|tsx)$|(manager|service|impl)\.(ts|tsx)$/i.test(path),
      ),
    breach: { path: 'shared/kit/utils.ts', text: '' },
  },
  {
    rule: 'no test asserts nothing, is switched off, or sleeps',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) =>
          path.endsWith('.test.ts') &&
          (/\b(it|test|describe)\.(only|skip|todo)\b|expect\(true\)/.test(text) ||
            /setTimeout\(resolve, ?\d{3,}\)/.test(text) ||
            !/expect|assert/.test(text)),
      ),
    breach: { path: 'tests/edge/x.test.ts', text: "test.skip('later', () => { expect(1).toBe(1); });" },
  },
  {
    rule: 'nothing is left for later, and no check is switched off',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) =>
          code(path) &&
          path !== 'tests/house-rules.ts' &&
          /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck|expect-error)|oxlint-disable|eslint-disable/.test(text),
      ),
    breach: { path: 'edge-node/app.ts', text: '// @ts-ignore' },
  },
  {
    rule: 'no path of a machine stands in a file',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) => path !== 'tests/house-rules.ts' && /\/(home|Users)\/[a-z]+\/|\/work\/|\/root\//.test(text),
      ),
    breach: { path: 'README.md', text: 'cd /home/someone/clubops' },
  },
  {
    rule: 'no amount of money is a float',
    breaches: (sources) =>
      where(
        sources,
        ({ path, text }) =>
          /^(shared|edge-node|control-plane)\//.test(path) &&
          code(path) &&
          /parseFloat\(|[cC]ents\s*[*/]\s*\d*\.\d/.test(text),
      ),
    breach: { path: 'shared/domain/house-fee.ts', text: 'const fee = cents * 0.3;' },
  },
  {
    rule: 'every folder\u2019s README ends with its decisions',
    breaches: (sources) =>
      where(sources, ({ path, text }) => /.+\/README\.md$/.test(path) && !/^## Decisions$/m.test(text)),
    breach: { path: 'shared/README.md', text: '# Shared' },
  },
];
