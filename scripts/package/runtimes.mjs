// Other runtimes than the one that runs this: npm packages, each of which is fetched once into build/runtimes.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { mkdir, writeFile } from '../fs.mjs'
import { npm, root } from './consumer.mjs'

/** The program of a runtime, such as node@24; undefined if it cannot be installed here. */
export async function findRuntime(runtime) {
  const [name] = runtime.split('@')
  const folder = path.join(root, 'build/runtimes', runtime)
  const program = path.join(folder, 'node_modules/.bin', name)
  if (existsSync(program)) return program
  await mkdir(folder)
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n')
  try {
    npm(folder, 'install', '--no-audit', '--no-fund', runtime)
  } catch (error) {
    console.error(error.message)
  }
  return existsSync(program) ? program : undefined
}
