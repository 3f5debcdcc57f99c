// The cache of Next.js over a handler, as its server makes one for each request.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { TophashCacheHandlerClass } from 'tophash/next-cache-handler'

/** Where Next.js is, beside the sources: from here, or from the build. */
export const NEXT = fileURLToPath(
  new URL(
    `${import.meta.url.includes('/build/') ? '../../../../' : '../../../'}test/adapters/next/node_modules/next`,
    import.meta.url,
  ),
)

/** A page, as Next.js hands it over, and a fetch. */
export function page(html: string, tags?: string): Record<string, any> {
  const headers = tags === undefined ? {} : { 'x-next-cache-tags': tags }
  return { kind: 'APP_PAGE', html, rscData: undefined, postponed: undefined, headers, status: 200, segmentData: undefined }
}

export function fetched(body: string, tags: string[]): Record<string, any> {
  return { kind: 'FETCH', data: { headers: {}, body, status: 200, url: 'http://127.0.0.1/' }, revalidate: 3600, tags }
}

/** What the tests ask of it. */
export interface NextCache {
  setPage(path: string, value: unknown): Promise<void>
  getPage(path: string): Promise<any>
  setFetch(key: string, value: { tags?: string[] }): Promise<void>
  getFetch(key: string, softTags?: string[]): Promise<any>
  revalidateTag(tag: string): Promise<void>
}

export async function newNextCache(CurCacheHandler: TophashCacheHandlerClass): Promise<NextCache> {
  const require = createRequire(`${NEXT}/package.json`)
  const { IncrementalCache } = require(`${NEXT}/dist/server/lib/incremental-cache/index.js`)
  const preview = { previewModeId: 'id', previewModeSigningKey: 'key', previewModeEncryptionKey: 'key' }
  const prerenderManifest = { version: 4, routes: {}, dynamicRoutes: {}, notFoundRoutes: [], preview }
  const cache = new IncrementalCache({
    dev: false,
    minimalMode: false,
    requestHeaders: {},
    previewProps: preview,
    prerenderManifest,
    CurCacheHandler,
  })
  const ofPage = {
    kind: 'APP_PAGE',
    route: { kind: 'APP_PAGE', sourceRoute: '/[page]' },
    isFallback: false,
    isRoutePPREnabled: false,
  }
  return {
    setPage: (path, value) => cache.set(path, value, { ...ofPage, cacheControl: { revalidate: 60, expire: 3600 } }),
    getPage: (path) => cache.get(path, ofPage),
    setFetch: (key, value) => cache.set(key, value, { fetchCache: true, tags: value.tags }),
    getFetch: (key, softTags = []) => cache.get(key, { kind: 'FETCH', revalidate: 3600, tags: ['posts'], softTags }),
    revalidateTag: (tag) => cache.revalidateTag(tag),
  }
}
