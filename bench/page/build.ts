// `npm run page:build`: the page in a folder, for any host that sends the two headers.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bundlePage } from './bundle.js'

/** A folder with all of these was filled by this command. */
const OWN = ['index.html', 'main.js', 'worker.js', '_headers']

const USAGE = `npm run page:build -- [folder]

  folder     where to put the page (default: build/page); new, empty, or
             one that this command has filled before: it is emptied first
  --help     this text`

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.help) {
    console.log(USAGE)
    return
  }
  const wanted = positionals[0]
  if (wanted !== undefined) await refuseForeign(path.resolve(wanted))
  const folder = await bundlePage(wanted && path.resolve(wanted))
  console.log(`The page is in ${folder}. Any host can serve it, under any path, that sends with every file:\n`)
  console.log('  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n')
  console.log('Netlify and Cloudflare Pages read that from the file _headers in it.')
}

/** A mistyped folder must not lose what is in it. */
async function refuseForeign(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : []
  if (names.length === 0 || OWN.every((name) => names.includes(name))) return
  throw new Error(`${folder} has other files in it: choose a folder that is new or empty.`)
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true })
    if (positionals.length > 1) throw new Error('There can be one folder only.')
    return { values, positionals }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}
