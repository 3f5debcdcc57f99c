import type fc from 'fast-check'

/**
 * How often a property is tried. A failure prints its seed: `SEED=-123 npx vitest run test/model` replays it, and
 * `RUNS=50` tries fifty times as much.
 */
export function tries<T>(numRuns: number): fc.Parameters<T> {
  const { SEED, RUNS } = process.env
  return { numRuns: numRuns * Number(RUNS ?? 1), ...(SEED ? { seed: Number(SEED) } : {}) }
}
