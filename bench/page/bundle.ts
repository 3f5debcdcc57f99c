// Bundles browser programs, as a user's bundler would: 'tophash' is this package itself, as built.
import * as esbuild from 'esbuild'
import { existsSync } from 'node:fs'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ISOLATION_HEADERS } from './server.js'

/** The package's folder. This file runs from bench/ and from build/bench/, and bench/ has a package.json of its own. */
export const packageRoot = findUp(import.meta.dirname, 'asconfig.json')

export interface Bundle {
  /** The folder of the sources, from the package's root. */
  source: string
  /** The programs in it, each of which becomes a file of the same name ending in .js. */
  programs: string[]
  /** Files that are copied as they are. */
  assets: string[]
  /** The folder of the result, absolute or from the package's root; emptied first. */
  target: string
}

const built = (file: string): string => path.join(packageRoot, 'dist', file)

/** Returns the absolute path of the result. */
export async function bundle({ source, programs, assets, target }: Bundle): Promise<string> {
  const from = path.join(packageRoot, source)
  const to = path.resolve(packageRoot, target)
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  await esbuild.build({
    absWorkingDir: packageRoot,
    entryPoints: programs.map((program) => path.join(from, program)),
    outdir: to,
    entryNames: '[name]',
    bundle: true,
    splitting: true, // page and worker share the library
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
    alias: { tophash: built('index.js'), 'tophash/checked': built('checked.js') }, // bench/, a package itself, finds neither
    tsconfigRaw: '{}', // the checkout's own maps 'tophash' to its source
  })
  for (const asset of assets) await cp(path.join(from, asset), path.join(to, asset))
  return to
}

/** The page in a folder, ready for any host; every address in it is relative. */
export async function bundlePage(target = 'build/page'): Promise<string> {
  const folder = await bundle({
    source: 'bench/page',
    programs: ['main.ts', 'worker/worker.ts'],
    assets: ['index.html', 'base.css', 'controls.css', 'figures.css', 'inspector.css'],
    target,
  })
  for (const name of ['README.md', 'docs']) await cp(path.join(packageRoot, name), path.join(folder, name), { recursive: true })
  await writeFile(path.join(folder, '_headers'), toHeadersFile(ISOLATION_HEADERS))
  return folder
}

/** As Netlify, Cloudflare Pages and others read it. */
function toHeadersFile(headers: Record<string, string>): string {
  return ['/*', ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''].join('\n')
}

/** The nearest folder, upwards, that has a file. */
function findUp(folder: string, file: string): string {
  if (existsSync(path.join(folder, file))) return folder
  const above = path.dirname(folder)
  if (above === folder) throw new Error(`This is not run from a checkout of tophash: there is no ${file}`)
  return findUp(above, file)
}
