// Records what unmodified Baileys writes and reads for nodes that cover every tag, address form, packing and dictionary.
//
//   npm install --prefix "$FOLDER" baileys@7.0.0-rc14
//   node tools/vectors/nodes.mjs "$FOLDER" > tests/Protocol.Tests/Vectors/nodes.json
import { pathToFileURL } from 'node:url'
import { deflateSync } from 'node:zlib'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? '.')
const { encodeBinaryNode, decodeBinaryNode } = await import(
  pathToFileURL(path.join(folder, 'node_modules/baileys/lib/WABinary/index.js')).href)
const { SINGLE_BYTE_TOKENS, DOUBLE_BYTE_TOKENS } = await import(
  pathToFileURL(path.join(folder, 'node_modules/baileys/lib/WABinary/constants.js')).href)

// tag, [[name, value]…], then one of: children, bytes (hex), text.
const plain = node => ({
  tag: node.tag,
  attributes: Object.entries(node.attrs),
  ...(Array.isArray(node.content) ? { children: node.content.map(plain) }
    : typeof node.content === 'string' ? { text: node.content }
    : node.content === undefined ? {} : { bytes: Buffer.from(node.content).toString('hex') })
})
const n = (tag, attrs = {}, content) => ({ tag, attrs, content })
const withAttribute = value => n('iq', { x: value })
const digits = length => '1234567890'.repeat(13).slice(0, length)
const hexText = length => '0A1B2C3D4E5F'.repeat(11).slice(0, length)

const written = {
  'no content': n('presence', { type: 'available' }),
  'empty list': n('list', {}, []),
  'children': n('iq', { to: '@s.whatsapp.net', id: '12345.6789-1', xmlns: 'w:p', type: 'get' }, [n('ping'), n('unknown-tag', { a: 'b' })]),
  'nested': n('a', {}, [n('b', {}, [n('c', {}, [n('d', { e: 'f' }, Buffer.from('00ff', 'hex'))])])]),
  'empty text attribute': withAttribute(''),
  'text content': n('body', {}, 'a text of no dictionary'),
  'token content': n('body', {}, 'available'),
  'empty bytes': n('enc', {}, Buffer.alloc(0)),
  'bytes': n('enc', { v: '2', type: 'pkmsg' }, Buffer.from(Array.from({ length: 255 }, (_, i) => i))),
  '256 bytes': n('enc', {}, Buffer.alloc(256, 7)),
  'text of 256 characters': withAttribute('é'.repeat(128)),
  'text beyond the basic plane': withAttribute('olá 😀 日本語'),
  '128 attributes (16-bit list)': n('x', Object.fromEntries(Array.from({ length: 128 }, (_, i) => [`k${i}`, `v${i}`]))),
  '256 children (16-bit list)': n('x', {}, Array.from({ length: 256 }, () => n('y'))),
  'nibbles: even': withAttribute('5511999990001234'),
  'nibbles: odd': withAttribute('551199999000123'),
  'nibbles: dash and dot': withAttribute('12-34.5'),
  'nibbles: 127': withAttribute(digits(127)),
  'nibbles: 128 are bytes': withAttribute(digits(128)),
  'hex: even': withAttribute('3EB0C431C26A1916'),
  'hex: odd': withAttribute('3EB0C431C26A191'),
  'hex: 127': withAttribute(hexText(127)),
  'hex: 128 are bytes': withAttribute(hexText(128)),
  'lower-case hex is bytes': withAttribute('3eb0c431c26a1916'),
  'phone': withAttribute('5511999990001@s.whatsapp.net'),
  'phone device': withAttribute('5511999990001:12@s.whatsapp.net'),
  'phone device 255': withAttribute('5511999990001:255@s.whatsapp.net'),
  'legacy': withAttribute('5511999990001@c.us'),
  'lid': withAttribute('123456789012345@lid'),
  'lid device': withAttribute('123456789012345:3@lid'),
  'hosted device': withAttribute('5511999990001:99@hosted'),
  'hosted lid device': withAttribute('123456789012345:99@hosted.lid'),
  'group': withAttribute('120363000000000001@g.us'),
  'old group': withAttribute('5511999990001-1500000000@g.us'),
  'status': withAttribute('status@broadcast'),
  'newsletter': withAttribute('120363000000000002@newsletter'),
  'bot': withAttribute('867051314767696@bot'),
  'call': withAttribute('3EB0C431C26A1916@call'),
  'server': withAttribute('@s.whatsapp.net'),
  'group server': withAttribute('@g.us'),
  'a mail address': withAttribute('someone@example.com'),
  'address as content': n('participant', {}, '5511999990001:2@s.whatsapp.net'),
}
SINGLE_BYTE_TOKENS.forEach((_, i) => {
  if (i % 32 === 0) written[`single-byte tokens from ${i}`] = n('t', {}, SINGLE_BYTE_TOKENS.slice(Math.max(i, 1), i + 32).map(t => n(t)))
})
DOUBLE_BYTE_TOKENS.forEach((dictionary, d) => {
  for (let i = 0; i < dictionary.length; i += 64)
    written[`dictionary ${d} from ${i}`] = n('t', {}, dictionary.slice(i, i + 64).filter(t => t !== '').map(t => n(t)))
})

// Forms which a server may send and Baileys does not write: bytes by hand, the meaning as Baileys reads them.
const read = {
  'interop': 'f80319 fc0178 f5 ff03 123456 0005 0007 fc07 696e7465726f70',
  'messenger': 'f80319 fc0178 f6 ff03 123456 0005 fc04 6d736772',
  'device 0 of a lid': 'f80319 fc0178 f7 01 00 ff03 123456',
  'nibbles as content': 'f80219 ff81 5f',
  'address as content': 'f80219 fa ff03 123456 03',
  'no value': 'f80319 fc0178 00',
  '20-bit length for a short text': 'f80319 fc0178 fd000003 616263',
  '32-bit length for a short text': 'f80319 fc0178 fe00000003 616263',
  '32-bit length for short bytes': 'f80219 fe00000003 616263',
  'high bits of a 20-bit length': 'f80219 fdf00003 616263',
  '16-bit list of a small node': 'f9000119',
  '16-bit list of one child': 'f80219 f90001 f80119',
}

const cases = { written: [], read: [] }
for (const [name, node] of Object.entries(written)) {
  const bytes = encodeBinaryNode(node)
  const [before, after] = [plain(node), plain(await decodeBinaryNode(bytes))]
  // "reads" is there where Baileys reads something else than it wrote.
  const differs = JSON.stringify(before) !== JSON.stringify(after)
  cases.written.push({ name, node: before, bytes: bytes.toString('hex'), ...(differs ? { reads: after } : {}) })
}
const compressed = n('iq', { type: 'result', id: 'A1' }, [n('list', {}, Array.from({ length: 40 }, (_, i) => n('item', { id: `item-${i}` })))])
cases.read.push({
  name: 'compressed',
  node: plain(compressed),
  bytes: Buffer.concat([Buffer.from([2]), deflateSync(encodeBinaryNode(compressed).subarray(1))]).toString('hex')
})
for (const [name, hex] of Object.entries(read)) {
  const bytes = Buffer.from('00' + hex.replaceAll(' ', ''), 'hex')
  cases.read.push({ name, node: plain(await decodeBinaryNode(bytes)), bytes: bytes.toString('hex') })
}
process.stdout.write('{\n' + Object.entries(cases).map(([kind, list]) =>
  `  "${kind}": [\n${list.map(c => '    ' + JSON.stringify(c)).join(',\n')}\n  ]`).join(',\n') + '\n}\n')
