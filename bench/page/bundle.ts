// Bundles browser programs, as a user's bundler would: 'tophash' is this package's built dist/index.js.
import * as esbuild from 'esbuild'
import { cp, mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The package's folder: found by its own name, since this file runs from bench/ and from build/bench/. */
export const packageRoot = path.dirname(createRequire(import.meta.url).resolve('tophash/package.json'))

export interface Bundle {
  /** The folder of the sources, from the package's root. */
  source: string
  /** The programs in it, each of which becomes a file of the same name ending in .js. */
  programs: string[]
  /** Files that are copied as they are. */
  assets: string[]
  /** The folder of the result, from the package's root; emptied first. */
  target: string
}

/** Returns the absolute path of the result. */
export async function bundle({ source, programs, assets, target }: Bundle): Promise<string> {
  const from = path.join(packageRoot, source)
  const to = path.join(packageRoot, target)
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  await esbuild.build({
    absWorkingDir: packageRoot,
    entryPoints: programs.map((program) => path.join(from, program)),
    outdir: to,
    bundle: true,
    splitting: true, // page and worker share the library
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
    tsconfigRaw: '{}', // the checkout's own maps 'tophash' to its source
  })
  for (const asset of assets) await cp(path.join(from, asset), path.join(to, asset))
  return to
}

export function bundlePage(): Promise<string> {
  return bundle({
    source: 'bench/page',
    programs: ['main.ts', 'worker.ts'],
    assets: ['index.html', 'style.css'],
    target: 'build/page',
  })
}
