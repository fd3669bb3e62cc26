// What all result files of a run say together: node verdict.mjs RESULTS QUARANTINE
//
// A failure that stands in the quarantine is printed and counts as skipped. The others run once more, each alone: what passes then is
// printed as FLAKY, what fails again is a failure. With more than five of them something is broken, and nothing is run again.
import fs from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { read } from './trx.mjs'

const MOST_RERUNS = 5
const [folder, quarantineFile] = process.argv.slice(2)
const lines = file => fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').map(line => line.trim()).filter(line => line && !line.startsWith('#')) : []

const results = fs.readdirSync(folder).filter(name => name.endsWith('.trx')).sort().flatMap(name => {
  const [label, ...rest] = name.slice(0, -'.trx'.length).split('.')
  const project = rest.join('.').replace(/^methods\./, '')
  return read(path.join(folder, name)).map(result => ({ ...result, label, project }))
})
const troubles = lines(path.join(folder, 'troubles'))
const quarantine = new Map(lines(quarantineFile).map(line => [line.split(/\s+/)[0], line]))

let passed = 0, failed = 0, skipped = 0
const broken = new Map() // method → its failed results
for (const result of results) {
  const row = quarantine.get(result.method)
  if (row) { console.log(`QUARANTINED ${result.outcome} ${result.name}  (${row})`); skipped++ }
  else if (result.outcome === 'Passed') passed++
  else if (result.outcome === 'Failed') broken.set(result.method, [...broken.get(result.method) ?? [], result])
  else { console.log(`SKIPPED ${result.name}  ${result.message}`); skipped++ }
}

for (const [method, of] of broken) {
  for (const result of of) console.log(`\nFAILED ${result.name}\n${result.message}\n${result.trace}`)
  if (broken.size <= MOST_RERUNS && rerun(method, of[0].project)) {
    console.log(`FLAKY ${method}: passed when it ran again, alone`)
    passed += of.length
  } else failed += of.length
}
for (const trouble of troubles) { console.log(`FAILED ${trouble}`); failed++ }
// Only a whole gate can tell that a row has no test any more.
if (results.some(result => result.label === 'gate')) {
  for (const [method, row] of quarantine) {
    if (!results.some(result => result.method === method)) { console.log(`FAILED the quarantine names a test that does not exist: ${row}`); failed++ }
  }
}

console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function rerun(method, project) {
  const trx = path.join(folder, `rerun-${method}.again`)
  const run = spawnSync('timeout', ['-s', 'INT', '-k', '10', '300', `tests/${project}/bin/Release/net10.0/Evolution.${project}`,
    '-noColor', '-noLogo', '-noAutoReporters', '-result-trx', trx, '-method', method], { stdio: ['ignore', 'ignore', 'ignore'] })
  const again = read(trx)
  return run.status === 0 && again.length > 0 && again.every(result => result.outcome === 'Passed')
}
