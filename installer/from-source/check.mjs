// npm run check: format, types, lint, dead code, house rules.
import path from 'node:path';
import { install, run, say, top } from './install.mjs';

install();
const tool = (name) => path.join(top, 'node_modules', '.bin', name);
say('Format');
run(tool('oxfmt'), ['--check', '.']);
say('Types');
run(tool('tsc'), ['-b']);
say('Lint');
run(tool('oxlint'), ['--type-aware']);
say('Dead code');
run(tool('knip'), ['--config', '.knip.json']);
say('House rules');
run(tool('vitest'), ['run', '--config', 'tests/vitest.config.ts', 'tests/tidy.test.ts']);
