// Other versions of Node than the one that runs this: npm packages, which are fetched once to where `npm run test:runtimes` has them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Whether this names a version of Node as npm does: 24, 24.4 or 24.4.1. */
export function isNodeVersion(text: string): boolean {
  return /^\d+(\.\d+){0,2}$/.test(text)
}

/** The program of a version of Node. @throws if npm does not have it */
export function nodeOf(version: string): string {
  const folder = path.resolve('build/runtimes', `node@${version}`)
  const program = path.join(folder, 'node_modules/.bin/node')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
  const options = { cwd: folder, stdio: ['ignore', 2, 2] as ('ignore' | number)[] } // what this prints may be JSON
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], options)
  return program
}
