// The page's timeline of growth, its inspector, and its static build.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { packageRoot } from '../../bench/page/bundle.js'
import { countPixels, downloadJson, finish, onBenchPage } from './bench-page.js'
import { findChromium } from './chromium.js'

const KEYS = 20_000

describe.skipIf(!findChromium())('the page', () => {
  const { open } = onBenchPage()

  test('shows how the table grows, and hands out the trace', async () => {
    const page = await open(`?kind=number&keys=${KEYS}&workers=2&run=growth`)
    expect(await finish(page)).toMatch(/^Verified: all 20,000 keys were found in both maps/)
    for (const line of ['--shared', '--own']) {
      expect(await countPixels(page, '#growth-chart', line), `line of ${line}`).toBeGreaterThan(50)
    }
    expect(await page.locator('#growth-chart').getAttribute('aria-label')).toMatch(
      /SharedMap: 20,000 entries in .*, longest insert /,
    )
    expect(await page.locator('#growth-caption').textContent()).toMatch(/^Longest insert: [\d.,]+ \S+ in the SharedMap/)

    const { growth } = await downloadJson(page, 'Download JSON')
    const levels: number[] = growth.levels.map(({ level }: { level: number }) => level)
    expect(levels.length).toBeGreaterThan(3)
    expect(levels).toEqual(levels.map((_, step) => levels[0]! + step))
    expect(growth.lostEvents).toBe(0)
    expect(growth.evacuation.some(({ y }: { y: number }) => y === 100)).toBe(true)
    for (const grower of ['shared', 'own']) {
      const { entries, pauses, longestPause, milliseconds } = growth[grower]
      expect(entries.at(-1).y).toBe(KEYS)
      expect(longestPause).toBe(Math.max(...pauses.map(({ duration }: { duration: number }) => duration)))
      expect(longestPause).toBeLessThanOrEqual(milliseconds)
    }

    const { traceEvents } = await downloadJson(page, 'Download trace')
    for (const event of traceEvents) {
      expect(event).toMatchObject({ name: expect.any(String), pid: expect.any(Number) })
      expect(event.ph).toMatch(/^[XiCM]$/)
      if (event.ph !== 'M') expect(event.ts).toSatisfy(Number.isFinite)
      if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0)
    }
    const growths = traceEvents.filter((event: { name: string }) => event.name === 'growth')
    expect(growths.map((event: { args: { level: number } }) => event.args.level)).toEqual(levels)
  })

  test('draws the inside of the table', async () => {
    const page = await open(`?kind=seen&keys=${KEYS}&workers=2&ms=40&run=1`)
    await finish(page)
    const { inspection } = await downloadJson(page, 'Download JSON')
    expect(inspection.fill).toHaveLength(9)
    expect(sum(inspection.fill) + inspection.pending).toBeGreaterThanOrEqual(inspection.sampled)
    expect(sum(inspection.tophashes)).toBe(inspection.entries)
    for (const fill of [4, 5, 6, 7, 8]) {
      expect(await countPixels(page, '#bucket-grid', `--fill-${fill}`), `cells of ${fill}`).toBeGreaterThan(100)
    }
    for (const chart of ['#chains-chart', '#tophash-chart']) {
      expect(await countPixels(page, chart, '--shared'), chart).toBeGreaterThan(100)
    }
    expect(await countPixels(page, '#fill-chart', '--fill-6')).toBeGreaterThan(100)
    const rows = await page.locator('#segments tr th').allTextContents()
    expect(rows).toEqual(inspection.segments.map(({ level }: { level: number }) => String(level)).reverse())
    expect(await page.locator('#fact-level').textContent()).toContain(`2^${inspection.level} = `)
    expect(await page.locator('#heap').textContent()).toMatch(/in use [\d.,]+ [KM]iB/)
    expect(await page.locator('#bucket-grid').getAttribute('aria-label')).toContain('chains, drawn as cells')
  })

  test('can be stopped while it grows', async () => {
    const page = await open('?kind=long&keys=2000000&workers=1&run=growth')
    await page.getByRole('button', { name: 'Stop' }).click()
    expect(await finish(page)).toMatch(/^Stopped/)
  })
})

describe.skipIf(!findChromium())('the static build of the page', () => {
  const { open } = onBenchPage()
  let folder: string | undefined

  afterEach(async () => {
    if (folder) await rm(folder, { recursive: true })
    folder = undefined
  })

  test('works under a sub-path, from a server that knows nothing but the two headers', async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tophash-page-'))
    execFileSync(process.execPath, [path.join(packageRoot, 'build/bench/page/build.js'), folder])
    expect(await readFile(path.join(folder, '_headers'), 'utf8')).toMatch(/^\/\*\n( {2}Cross-Origin-\S+: \S+\n)+$/)
    const server = await serveUnder('/some/place/', folder)
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/place/`
      const page = await open('?keys=500&workers=2&ms=40&run=1', {}, url)
      expect(await finish(page)).toMatch(/^Verified/)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('empties no folder of somebody else', async () => {
    const script = path.join(packageRoot, 'build/bench/page/build.js')
    const build = (): Buffer => execFileSync(process.execPath, [script, packageRoot], { stdio: 'pipe' })
    expect(build).toThrow(/has other files in it/)
  })
})

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.map': 'application/json',
}

async function serveUnder(prefix: string, folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const name = pathname.slice(prefix.length) || 'index.html'
    readFile(path.join(folder, name)).then(
      (content) =>
        response
          .writeHead(pathname.startsWith(prefix) ? 200 : 404, {
            'Content-Type': TYPES[path.extname(name)]!,
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          })
          .end(content),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
