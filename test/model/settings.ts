import type fc from 'fast-check'
import { sized } from '../support/size.js'

/**
 * How often a property is tried. A failure prints its seed: `SEED=-123 npx vitest run test/model` replays it, and
 * `RUNS=50` tries fifty times as much as `npm run test:all`, `npm test` a fifth.
 */
export function tries<T>(numRuns: number): fc.Parameters<T> {
  const { SEED, RUNS } = process.env
  return { numRuns: Math.ceil(numRuns * Number(RUNS ?? sized(0.2, 1))), ...(SEED ? { seed: Number(SEED) } : {}) }
}
