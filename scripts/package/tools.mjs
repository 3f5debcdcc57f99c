// What other tools say of the package: publint and attw, which look at it, and jest, which loads it as CommonJS. They are
// many megabytes, so they are not among the packages that everybody installs: npm ci --prefix scripts/package.
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from './consumer.mjs'
import { JEST } from './programs.mjs'

const modules = path.join(import.meta.dirname, 'node_modules')

/** Whether they are installed. CI must not do without. */
export function haveTools() {
  if (existsSync(modules)) return true
  if (process.env.CI) throw new Error('publint, attw and jest are missing: npm ci --prefix scripts/package')
  console.log('Left out: publint, attw and jest. To have them: npm ci --prefix scripts/package')
  return false
}

export async function lint({ folder, packed }) {
  const { publint } = await import('publint')
  const { formatMessage } = await import('publint/utils')
  const pkgDir = path.join(folder, 'node_modules', packed.name)
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false })
  expect(
    'what publint says',
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  )
  console.log('publint has nothing to say.')
}

/** The way of TypeScript that knows nothing of "exports", as `moduleResolution: "node10"`: it finds the main entry only. */
const IGNORED = { resolutionKind: 'node10', kind: 'NoResolution' }
/** What is no module that types could describe. */
const EXCLUDED = ['./tophash.wasm', './package.json']

export async function lookAtTypes({ tarball }) {
  const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core')
  const found = await checkPackage(createPackageFromTarballData(await readFile(tarball)), { excludeEntrypoints: EXCLUDED })
  const isIgnored = ({ resolutionKind, kind, entrypoint }) =>
    resolutionKind === IGNORED.resolutionKind && kind === IGNORED.kind && entrypoint !== '.'
  expect(
    'what attw says',
    found.problems.filter((problem) => !isIgnored(problem)),
    [],
  )
  const entries = Object.keys(found.entrypoints)
  console.log(`attw has nothing to say about ${entries.join(', ')}.`)
}

/** jest as it is without any setting: in CommonJS, each file evaluated anew. */
export async function useFromJest(consumer) {
  await mkdir(consumer.at('jest'), { recursive: true })
  for (const name of ['one', 'two']) await consumer.write(`jest/${name}.test.js`, JEST)
  await consumer.write('jest/package.json', '{}')
  const jest = path.join(modules, 'jest/bin/jest.js')
  consumer.node(jest, '--rootDir', consumer.at('jest'), '--runInBand', '--cacheDirectory', consumer.at('jest/cache'))
  console.log('Used it in tests of jest, with a worker.')
}
