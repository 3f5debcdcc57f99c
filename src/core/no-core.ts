/** What 'tophash/slim' has instead of the core's bytes: see scripts/bundle.mjs. */
export default new Uint8Array(0)
