// Finds and starts the Chromium that is installed on this machine.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export const HOW_TO_GET_IT = 'apt-get install chromium, or set CHROMIUM_PATH to the one you have'

export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  if (!given) return CANDIDATES.find((candidate) => existsSync(candidate))
  if (!existsSync(given)) throw new Error(`CHROMIUM_PATH is '${given}', but there is no such file`)
  return given
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error(`Chromium is missing: ${HOW_TO_GET_IT}`)
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Collects whatever the page complains of, from now on. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.message}`))
  page.on('requestfailed', (request) => complaints.push(`not loaded: ${request.url()}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}

/**
 * Counts the blocking waits of a page's main thread in `window.blockingWaits`; its workers may block. A wait of no time
 * only asks whether waiting is allowed.
 */
export async function countBlockingWaits(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const wait = Atomics.wait
    const counting = window as unknown as { blockingWaits: number }
    counting.blockingWaits = 0
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      if (args[3] !== 0) counting.blockingWaits++
      return wait(...args)
    }) as typeof wait
  })
}

export function blockingWaits(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { blockingWaits: number }).blockingWaits)
}
