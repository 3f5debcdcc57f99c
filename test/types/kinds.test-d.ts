// Never run: `npm run typecheck` fails where a line below compiles that must not.
import { SharedMap } from 'tophash'

// @ts-expect-error the entries' values are strings, the declared ones numbers
new SharedMap([['ann', 'Ann']], { key: 'string', value: 'number' })
// @ts-expect-error the type says string keys, the option number keys
new SharedMap<string, string>(null, { key: 'number', value: 'string' })
new SharedMap<string, number>([['ann', 1]], { key: 'string', value: 'number' })
