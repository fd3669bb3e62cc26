// Records files encrypted by unmodified Baileys, one of each kind of key, and what it announces of them; and a sealed request to upload again.
// Keys are random, so every run writes other vectors.
//
//   npm install --prefix "$FOLDER" baileys@7.0.0-rc14
//   node tools/vectors/media.mjs "$FOLDER" > tests/Protocol.Tests/Vectors/media.json
import { pathToFileURL } from 'node:url'
import { readFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? '.')
const file = name => pathToFileURL(path.join(folder, 'node_modules/baileys', name)).href
const { encryptedStream, encryptMediaRetryRequest } = await import(file('lib/Utils/messages-media.js'))

const hex = bytes => Buffer.from(bytes).toString('hex')
const files = []
for (const [kind, type] of [['Image', 'image'], ['Image', 'sticker'], ['Video', 'video'], ['Audio', 'ptt'], ['Document', 'document'], ['History', 'md-msg-hist']]) {
  for (const size of [1, 15, 16, 47]) {
    const plain = randomBytes(size)
    const made = await encryptedStream(plain, type, {})
    files.push({
      kind, type, mediaKey: hex(made.mediaKey), plaintext: hex(plain), encrypted: hex(await readFile(made.encFilePath)),
      sha256: hex(made.fileSha256), encryptedSha256: hex(made.fileEncSha256)
    })
  }
}

const mediaKey = randomBytes(32)
const id = '3EB0A1B2C3D4E5F6071829'
const node = await encryptMediaRetryRequest({ id, remoteJid: '5511999990002@s.whatsapp.net', fromMe: false }, mediaKey, '5511999990001:7@s.whatsapp.net')
const [sealed, nonce] = node.content[0].content.map(child => hex(child.content))
console.log(JSON.stringify({ files, retry: { mediaKey: hex(mediaKey), id, nonce, sealed } }, null, 1))
process.exit(0)
