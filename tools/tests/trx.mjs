// Reads the result files that the test programs write (TRX).
import fs from 'node:fs'

const attribute = (text, name) => text.match(new RegExp(` ${name}="([^"]*)"`))?.[1]
const plain = text => (text ?? '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'")
  .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replaceAll('&amp;', '&')

/** @returns one entry a test case: its name, the method it belongs to, its outcome, seconds, and what it said when it failed. */
export function read(file) {
  if (!fs.existsSync(file)) return []
  const text = fs.readFileSync(file, 'utf8')
  const methods = new Map()
  for (const [, head, body] of text.matchAll(/<UnitTest( [^>]*)>(.*?)<\/UnitTest>/gs)) {
    const method = body.match(/<TestMethod( [^>]*)>/)?.[1] ?? ''
    methods.set(attribute(head, 'id'), `${plain(attribute(method, 'className'))}.${plain(attribute(method, 'name'))}`)
  }
  return [...text.matchAll(/<UnitTestResult( [^>]*?)(?:\/>|>(.*?)<\/UnitTestResult>)/gs)].map(([, head, body]) => {
    const [hours, minutes, seconds] = (attribute(head, 'duration') ?? '0:0:0').split(':').map(Number)
    return {
      name: plain(attribute(head, 'testName')),
      method: methods.get(attribute(head, 'testId')) ?? plain(attribute(head, 'testName')),
      outcome: attribute(head, 'outcome'),
      seconds: hours * 3600 + minutes * 60 + seconds,
      message: plain(body?.match(/<Message>(.*?)<\/Message>/s)?.[1]),
      trace: plain(body?.match(/<StackTrace>(.*?)<\/StackTrace>/s)?.[1])
    }
  })
}
