import process from 'node:process';

/** One measured number beside its goal. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 'bytes' | 'ms' | 'LU' | 'dBTP';
  readonly op: '<=' | '>=';
  readonly goal: number;
  readonly ok: boolean;
};

export function figure(
  name: string,
  value: number,
  [op, goal, unit]: readonly [Figure['op'], number, Figure['unit']],
): Figure {
  const rounded = Number(value.toPrecision(4));
  return { name, value: rounded, unit, op, goal, ok: op === '<=' ? rounded <= goal : rounded >= goal };
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function show({ name, value, unit, op, goal, ok }: Figure): string {
  return `${ok ? 'ok    ' : 'MISSED'} ${name.padEnd(52)} ${String(value).padStart(9)} ${unit.padEnd(5)} (goal ${op} ${goal})`;
}

/** The value below which a share of all values lies; 0.5 is the median. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}
