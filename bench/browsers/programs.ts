// Finds the browsers of this machine, and starts them: without a window, with a profile of their own that is thrown away.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export type BrowserName = 'chromium' | 'firefox'

interface Browser {
  /** Where it may be; the variable says where it is. */
  readonly variable: string
  readonly candidates: readonly string[]
  readonly package: string
  readonly title: string
  options(profile: string): string[]
  /** Settings that a file in the profile has. */
  readonly settings?: Readonly<Record<string, boolean | number | string>>
}

const BROWSERS: Readonly<Record<BrowserName, Browser>> = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    candidates: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    package: 'chromium',
    title: 'Chromium',
    options: (profile) => ['--headless', `--user-data-dir=${profile}`, ...CHROMIUM_OPTIONS],
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    candidates: [
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    package: 'firefox-esr',
    title: 'Firefox',
    options: (profile) => ['--headless', '--no-remote', '--profile', profile],
    settings: {
      'app.normandy.enabled': false,
      'app.update.enabled': false,
      'browser.aboutwelcome.enabled': false,
      'browser.safebrowsing.downloads.remote.enabled': false,
      'browser.safebrowsing.update.enabled': false,
      'browser.search.update': false,
      'browser.shell.checkDefaultBrowser': false,
      'datareporting.healthreport.uploadEnabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'dom.max_script_run_time': 0,
      'extensions.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'services.settings.server': '',
      'toolkit.startup.max_resumed_crashes': -1,
      'toolkit.telemetry.enabled': false,
      'toolkit.telemetry.server': '',
    },
  },
}

/** What Chromium is told, whoever starts it. */
export const CHROMIUM_OPTIONS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function howToGet(name: BrowserName): string {
  return `apt-get install ${BROWSERS[name].package}, or set ${BROWSERS[name].variable} to the one you have`
}

export function findBrowser(name: BrowserName): string | undefined {
  const { variable, candidates } = BROWSERS[name]
  const given = process.env[variable]
  if (!given) return candidates.find((candidate) => existsSync(candidate))
  if (!existsSync(given)) throw new Error(`${variable} is '${given}', but there is no such file`)
  return given
}

export function requireBrowser(name: BrowserName): string {
  const program = findBrowser(name)
  if (!program) throw new Error(`${BROWSERS[name].title} is missing: ${howToGet(name)}`)
  return program
}

/** Its name and version, as it says them. */
export function versionOf(name: BrowserName): string {
  const said = execFileSync(requireBrowser(name), ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return `${BROWSERS[name].title} ${/[\d.]+\w*/.exec(said)?.[0] ?? 'of an unknown version'}`
}

export interface Started {
  /** Resolves when the browser has ended, with what it said. */
  readonly ended: Promise<string>
  close(): Promise<void>
}

/** They end this process, and would leave the browser behind. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Starts a browser that shows a page. */
export async function startBrowser(name: BrowserName, url: string): Promise<Started> {
  const { options, settings } = BROWSERS[name]
  const program = requireBrowser(name)
  const profile = await mkdtemp(path.join(tmpdir(), `tophash-${name}-`))
  const lines = Object.entries(settings ?? {}).map(([key, value]) => `user_pref("${key}", ${JSON.stringify(value)});\n`)
  if (settings) await writeFile(path.join(profile, 'user.js'), lines.join(''))
  const child = spawn(program, [...options(profile), url], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  const ended = once(child, 'exit').then(
    () => said,
    (error: Error) => error.message,
  )
  const kill = (): boolean => child.kill('SIGKILL') // its other processes end with the first
  const killToo = (signal: NodeJS.Signals): void => {
    kill()
    process.kill(process.pid, signal) // as it would have ended without this
  }
  process.once('exit', kill)
  for (const signal of SIGNALS) process.once(signal, killToo)
  const close = async (): Promise<void> => {
    process.off('exit', kill)
    for (const signal of SIGNALS) process.off(signal, killToo)
    kill()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  return { ended, close }
}
