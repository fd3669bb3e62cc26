// One line for a test program that has run: node summary.mjs LABEL PROJECT TRX
import { read } from './trx.mjs'

const [label, project, file] = process.argv.slice(2)
const results = read(file)
if (results.length > 0) {
  const count = outcome => results.filter(result => result.outcome === outcome).length
  const slowest = results.reduce((a, b) => (a.seconds > b.seconds ? a : b))
  console.log(`== ${label}: ${project}: ${count('Passed')} passed, ${count('Failed')} failed, ` +
    `${results.length - count('Passed') - count('Failed')} skipped; the longest took ${slowest.seconds.toFixed(1)} s`)
}
