import type { TSchema } from 'typebox';
import type { Seeded } from '../support/seeded.ts';

/** The parts of a JSON schema that event bodies are made of. */
type Schema = {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
};
const TEXTS = ['Séparée 3', 'a "quoted" one', 'two\nlines', 'Ünï 🍸', 'plain', 'back\\slash', '0'];

/** Any value that fits a schema. Postings are left out: they have to sum to zero. */
export function fromSchema(schema: TSchema, random: Seeded): unknown {
  return valueOf(schema as Schema, random, '');
}

function valueOf(schema: Schema, random: Seeded, name: string): unknown {
  if (schema.enum) return random.pick(schema.enum);
  if (schema.anyOf) return valueOf(random.pick(schema.anyOf), random, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, of]) => [key, valueOf(of, random, key)]),
      );
    case 'array':
      return name === 'postings'
        ? []
        : Array.from({ length: random.between(0, 3) }, () => valueOf(schema.items ?? {}, random, name));
    case 'string':
      if (schema.pattern) return `2026-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
      return random.chance(0.5) ? `${name}-${random.between(1, 9_999)}` : random.pick(TEXTS);
    case 'integer':
      return random.between(schema.minimum ?? -100_000, 100_000);
    case 'number':
      return random.between(-8, 8) / 4;
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    case undefined:
      break;
  }
  throw new Error(`No example is known for ${JSON.stringify(schema)}.`);
}

const two = (count: number): string => String(count).padStart(2, '0');
