// Where the rivals' packages are: in bench/node_modules, also for the code that runs in build/bench.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export const ROOT = path.dirname(createRequire(import.meta.url).resolve('tophash/package.json'))
const BENCH = path.join(ROOT, 'bench')

export const HOW_TO_INSTALL = 'npm ci --prefix bench'

/** As a CommonJS program in bench/ would get it. */
export const requirePackage = createRequire(path.join(BENCH, 'package.json'))

export function isInstalled(name: string): boolean {
  return existsSync(manifestOf(name))
}

export function versionOf(name: string): string {
  return (JSON.parse(readFileSync(manifestOf(name), 'utf8')) as { version: string }).version
}

export function ownVersion(): string {
  return (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

function manifestOf(name: string): string {
  return path.join(BENCH, 'node_modules', name, 'package.json')
}
