// JSON lines: commands come in on stdin as {id, device, op, ...}, answers {id, ok|error} and events {event, device, ...} leave on stdout.
// One process drives several devices; a name that was not heard before makes a new one.
import readline from 'node:readline'

export const emit = (event, data = {}) => process.stdout.write(JSON.stringify({ event, ...data }) + '\n')

/** @param makeDevice gets the device's own emit and returns its operations by name */
export function serve(makeDevice) {
  const devices = new Map()
  const answer = (id, body) => process.stdout.write(JSON.stringify({ id, ...body }) + '\n')
  const operationsOf = device => {
    if (!devices.has(device)) devices.set(device, makeDevice((event, data = {}) => emit(event, { ...data, device })))
    return devices.get(device)
  }
  readline.createInterface({ input: process.stdin }).on('line', async line => {
    const { id, op, device, ...args } = JSON.parse(line)
    try {
      const operations = operationsOf(device)
      if (!operations[op]) throw new Error(`unknown operation ${op}`)
      answer(id, { ok: (await operations[op](args)) ?? null })
    } catch (error) {
      answer(id, { error: String(error?.stack ?? error) })
    }
  }).on('close', () => process.exit(0))
  process.on('uncaughtException', error => emit('crash', { message: String(error?.stack ?? error) }))
  process.on('unhandledRejection', error => emit('crash', { message: String(error?.stack ?? error) }))
}
