// The rows in a browser of this machine: the page that measures them is bundled as a program would be, and served from here.
import { type BrowserName, versionOf } from '../browsers/programs.js'
import { Remote } from '../browsers/remote.js'
import { bundle } from '../page/bundle.js'
import type { Found } from './measure.js'
import type { Hot } from './page/main.js'

export interface Measuring {
  readonly version: string
  measure(index: number, rounds: number): Promise<Found>
  close(): Promise<void>
}

export async function openBrowser(browser: BrowserName): Promise<Measuring> {
  const version = versionOf(browser)
  const folder = await bundle({
    source: 'bench/hot/page',
    programs: ['main.ts', 'row-worker.ts', 'counting-worker.ts'],
    assets: ['index.html'],
    target: `build/hot-${browser}`,
  })
  const remote = await Remote.open({ browser, folder, page: 'index.html' })
  return {
    version,
    measure: (index, rounds) =>
      remote.evaluate(([row, times]) => (window as unknown as { hot: Hot }).hot.measure(row, times), [index, rounds] as const),
    close: () => remote.close(),
  }
}
