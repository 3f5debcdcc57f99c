// How much the tests try: `npm test` takes some minutes, `npm run test:all` has the sizes that CI asks for. Numbers that make
// a test longer are given here in pairs; docs/TESTING.md has the environment variables that ask for others.

/** Set by vitest.config.ts; workers and processes of the tests inherit it. */
export type Size = 'smoke' | 'full'
export const SIZE: Size = process.env.TOPHASH_SIZE === 'full' ? 'full' : 'smoke'

/** For what takes some 10 seconds however small it is: `it.runIf(isFull)`. */
export const isFull = SIZE === 'full'

/** What is meant for the size of this run. */
export function sized<T>(smoke: T, full: T): T {
  return isFull ? full : smoke
}

/** So many of some cases, from the first to the last and as far from each other as can be; in the full size all of them. */
export function some<T>(all: readonly T[], count: number): readonly T[] {
  if (isFull || count >= all.length) return all
  return Array.from({ length: count }, (_, index) => all[Math.round((index * (all.length - 1)) / Math.max(1, count - 1))]!)
}

/** Variables that ask for another size, of some folder. */
const VARIABLES = [
  'TOPHASH_HISTORIES',
  'TOPHASH_SCHEDULES',
  'TOPHASH_KILLS',
  'TOPHASH_FUZZ',
  'TOPHASH_CHURN',
  'TOPHASH_OPERATIONS',
  'TOPHASH_PAIRS',
  'TOPHASH_ENDURANCE',
  'TOPHASH_DEATHS',
  'TOPHASH_BOUND_SECONDS',
  'RUNS',
] as const

/** What an environment variable says, or what is meant for the size of this run. */
export function asked(variable: (typeof VARIABLES)[number], smoke: number, full: number): number {
  return Number(process.env[variable]) || sized(smoke, full)
}

/** Whether somebody wants another size than that of `npm test`: then nothing is said against how long it takes. */
export function isOtherSize(): boolean {
  return isFull || VARIABLES.some((variable) => process.env[variable])
}
