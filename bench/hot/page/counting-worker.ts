// The second thread of ../counting.ts, in a browser.
import { countAlong } from '../counting.js'

self.onmessage = ({ data }) => {
  self.postMessage('here')
  countAlong(data)
}
