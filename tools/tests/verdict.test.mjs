// The verdict over result files: what counts as passed, failed and skipped, and what is run again.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname)

/** A run with these results; `again` says how the tests that run again end. */
function verdict({ results, troubles = '', quarantine = '', again = {} }) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'verdict-'))
  const folder = path.join(root, 'results'), program = path.join(root, 'tests/X.Tests/bin/Release/net10.0')
  fs.mkdirSync(folder); fs.mkdirSync(program, { recursive: true })
  fs.writeFileSync(path.join(folder, 'gate.X.Tests.trx'), trx(results))
  fs.writeFileSync(path.join(folder, 'troubles'), troubles)
  fs.writeFileSync(path.join(root, 'quarantine.txt'), quarantine)
  for (const [method, outcome] of Object.entries(again)) fs.writeFileSync(path.join(root, method), trx({ [method]: outcome }))
  // Stands in for the test program: the result file it is asked for is the one prepared for the method.
  fs.writeFileSync(path.join(program, 'Evolution.X.Tests'), `#!/bin/sh\ncp "${root}/$7" "$5"\n`, { mode: 0o755 })
  try {
    const run = spawnSync('node', [path.join(here, 'verdict.mjs'), folder, path.join(root, 'quarantine.txt')], { cwd: root, encoding: 'utf8' })
    return { code: run.status, lines: run.stdout.trimEnd().split('\n'), last: run.stdout.trimEnd().split('\n').at(-1) }
  } finally {
    fs.rmSync(root, { recursive: true })
  }
}

function trx(results) {
  const entries = Object.entries(results)
  const definitions = entries.map(([name], i) => `<UnitTest id="${i}" name="${name}"><TestMethod className="${name.slice(0, name.lastIndexOf('.'))}" name="${name.slice(name.lastIndexOf('.') + 1)}" /></UnitTest>`)
  const outcomes = entries.map(([name, outcome], i) => `<UnitTestResult testId="${i}" testName="${name}" outcome="${outcome}" duration="00:00:01"><Output><ErrorInfo><Message>why &lt;it&gt; failed</Message></ErrorInfo></Output></UnitTestResult>`)
  return `<TestRun><TestDefinitions>${definitions.join('')}</TestDefinitions><Results>${outcomes.join('')}</Results></TestRun>`
}

test('all that pass are a success', () => {
  const { code, last } = verdict({ results: { 'X.A.One': 'Passed', 'X.A.Two': 'Passed', 'X.A.Three': 'NotExecuted' } })
  assert.deepEqual([code, last], [0, '2 passed, 0 failed, 1 skipped'])
})

test('a failure that passes alone is flaky, one that fails again is a failure with its message', () => {
  const { code, lines, last } = verdict({
    results: { 'X.A.One': 'Failed', 'X.A.Two': 'Failed' }, again: { 'X.A.One': 'Passed', 'X.A.Two': 'Failed' }
  })
  assert.deepEqual([code, last], [1, '1 passed, 1 failed, 0 skipped'])
  assert.ok(lines.some(line => line.startsWith('FLAKY X.A.One')))
  assert.ok(lines.includes('why <it> failed'))
})

test('more than five failures are not run again', () => {
  const names = [1, 2, 3, 4, 5, 6].map(i => `X.A.T${i}`)
  const { last } = verdict({ results: Object.fromEntries(names.map(name => [name, 'Failed'])), again: Object.fromEntries(names.map(name => [name, 'Passed'])) })
  assert.equal(last, '0 passed, 6 failed, 0 skipped')
})

test('what is in quarantine is printed and skipped', () => {
  const { code, lines, last } = verdict({ results: { 'X.A.One': 'Passed', 'X.A.Two': 'Failed' }, quarantine: '# why\nX.A.Two  2026-01-31  a race\n' })
  assert.deepEqual([code, last], [0, '1 passed, 0 failed, 1 skipped'])
  assert.ok(lines.some(line => line.startsWith('QUARANTINED Failed X.A.Two')))
})

test('a row of the quarantine whose test is gone is a failure', () => {
  assert.deepEqual(verdict({ results: { 'X.A.One': 'Passed' }, quarantine: 'X.A.Gone  2026-01-31  a race' }).code, 1)
})

test('a program that crashed is a failure, and a run without tests is none that passed', () => {
  assert.equal(verdict({ results: { 'X.A.One': 'Passed' }, troubles: 'gate X.Tests ended with exit code 134.' }).last, '1 passed, 1 failed, 0 skipped')
  assert.equal(verdict({ results: {} }).code, 1)
})
